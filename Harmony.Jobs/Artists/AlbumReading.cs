using Harmony.Data.Artists;
using Harmony.Jobs.Providers.Catalogue;

namespace Harmony.Jobs.Artists;

/// <summary>Converts an album of Spotify to the form of our tables. Pure.</summary>
internal static class AlbumReading
{
    public static ReleaseDetails ToDetails(this ProviderAlbum album, long releaseId) => new(
        releaseId,
        album.Images.MaxBy(i => i.Width ?? 0)?.Url,
        album.Genres,
        album.Copyright,
        album.Label,
        album.Upc,
        [.. album.Tracks.Select(ToTrack)]);

    private static TrackWrite ToTrack(ProviderTrack track) => new(
        track.Id,
        track.Name,
        track.DiscNumber,
        track.TrackNumber,
        track.DurationMs,
        track.Isrc,
        track.Explicit,
        [.. track.Artists.Select(a => new TrackArtist(a.Id, a.Name))]);
}
