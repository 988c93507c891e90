using Harmony.Jobs.Providers.Artwork;

namespace Harmony.Jobs.Files;

/// <summary>The tags to write into a file. A null member keeps the file's own value.</summary>
internal sealed record TrackTags(
    string? Title = null,
    IReadOnlyList<string>? Artist = null,
    IReadOnlyList<string>? AlbumArtist = null,
    string? Album = null,
    int? TrackNumber = null,
    int? TrackCount = null,
    int? DiscNumber = null,
    int? DiscCount = null,
    string? Date = null,
    string? Isrc = null,
    IReadOnlyList<string>? Genres = null,
    string? Copyright = null,
    string? Composer = null,
    string? Comment = null,
    string? SpotifyTrackId = null,
    string? Lyrics = null,
    Cover? Cover = null);
