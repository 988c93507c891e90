using Harmony.Data;
using Harmony.Data.Artists;
using Harmony.Data.Downloads;
using Harmony.Jobs.Files;

namespace Harmony.Jobs.Downloads;

/// <summary>The tags of a downloaded file, and its path in the library. Pure.</summary>
internal static class DownloadTags
{
    public static TrackTags Of(Download row, Release? release, IReadOnlyList<Track> tracks)
    {
        var track = TrackOf(row, tracks);
        return new TrackTags
        {
            Title = row.Title,
            Artist = ArtistsOf(row, track),
            AlbumArtist = release is null ? null : [release.AlbumArtist],
            Album = row.Album,
            TrackNumber = track?.TrackNumber,
            TrackCount = release is { TotalTracks: > 0 } ? release.TotalTracks : null,
            DiscNumber = track?.DiscNumber,
            DiscCount = tracks.Count > 0 ? tracks.Max(t => t.DiscNumber) : null,
            Date = release?.ReleaseDate,
            Isrc = row.Isrc ?? track?.Isrc,
            Genres = release is { Genres.Length: > 0 } ? release.Genres : null,
            Copyright = release?.Copyright,
            SpotifyTrackId = row.SpotifyTrackId,
        };
    }

    public static ShelfTrack ShelfOf(Download row, Release? release, IReadOnlyList<Track> tracks, string extension)
    {
        var track = TrackOf(row, tracks);
        return new ShelfTrack(
            release?.AlbumArtist ?? row.Artist,
            row.Album ?? row.Title,
            row.Title,
            track?.TrackNumber ?? 0,
            extension,
            release?.AlbumArtist,
            track?.DiscNumber ?? 1,
            tracks.Count == 0 ? 1 : tracks.Max(t => t.DiscNumber),
            release?.ReleaseDate);
    }

    private static Track? TrackOf(Download row, IReadOnlyList<Track> tracks) => tracks.FirstOrDefault(t => t.Id == row.TrackId);

    private static IReadOnlyList<string> ArtistsOf(Download row, Track? track)
    {
        var names = track is null ? null : RowJson.Read<List<TrackArtist>>(track.Artists)?.Select(a => a.Name).ToList();
        return names is { Count: > 0 } ? names : [row.Artist];
    }
}
