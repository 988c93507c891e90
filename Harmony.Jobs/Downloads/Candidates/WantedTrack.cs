namespace Harmony.Jobs.Downloads.Candidates;

/// <summary>The track to find on Soulseek. <c>AlbumTitles</c> are the titles of its whole release, for the bonus of peers that have all of it.</summary>
internal sealed record WantedTrack(
    string Artist,
    string Title,
    string? Album = null,
    TimeSpan? Duration = null,
    int? TrackNumber = null,
    IReadOnlyCollection<string>? DeniedPeers = null,
    IReadOnlyList<string>? AlbumTitles = null);
