using Harmony.Data;
using Harmony.Data.Artists;
using Harmony.Data.Backfill;
using Harmony.Data.Ingest;
using Harmony.Jobs.Artists;
using Harmony.Jobs.Downloads;
using Harmony.Jobs.Providers.Catalogue;

namespace Harmony.Jobs.Backfill;

/// <summary>Writes all rows of a match: artist, release, tracks, the download and its job, the item, the cache.</summary>
internal sealed class MatchedTrack(
    ArtistsRepository artists,
    ReleasesRepository releases,
    DownloadRequests requests,
    IngestRepository ingest,
    SpotifyCacheRepository cache,
    BackfillOptions options)
{
    /// <summary>False when another run has settled the item in the meantime.</summary>
    public async Task<bool> SaveAsync(Work work, IngestItem item, ProviderTrack track, ProviderAlbum album, CancellationToken cancellationToken)
    {
        var trackId = await EnsureTrackAsync(work, track, album, cancellationToken);
        var downloadId = await requests.WantTrackAsync(work, trackId, Priority, "backfill", item.JobId, cancellationToken);
        await cache.SaveAsync(work, TrackFinder.CacheKey(item), track.Id, album.Id, options.CacheTtl, cancellationToken);
        return await ingest.MatchAsync(work, item.Id, new IngestMatch(track.Id, album.Id, track.Isrc, downloadId), cancellationToken);
    }

    // Lower than manual requests, and lower than the watchlist.
    private const int Priority = -10;

    private async Task<long> EnsureTrackAsync(Work work, ProviderTrack track, ProviderAlbum album, CancellationToken cancellationToken)
    {
        var by = album.Artists.Count > 0 ? album.Artists[0] : track.Artists[0];
        var artistKey = ArtistKey.OfSpotify(by.Id);
        // Empty fingerprints: the first sync of this artist or release finds them changed, and fills them in.
        var artistId = await artists.EnsureAsync(
            work, new ArtistWrite(artistKey, ArtistKey.Spotify, by.Id, by.Name, [], "[]", ""), cancellationToken);
        var releaseId = await releases.EnsureAsync(work, artistId, artistKey, ToRelease(album, by.Name), cancellationToken);
        var tracks = album.Tracks.Any(t => t.Id == track.Id) ? album : album with { Tracks = [.. album.Tracks, track] };
        await releases.SaveDetailsAsync(work, [tracks.ToDetails(releaseId)], cancellationToken);
        return await releases.FindTrackIdAsync(work, releaseId, track.Id, cancellationToken);
    }

    private static ReleaseWrite ToRelease(ProviderAlbum album, string artistName) => new(
        album.Id,
        album.Name,
        artistName,
        album.ReleaseDate,
        PartialDate.FirstDay(album.ReleaseDate),
        album.AlbumType,
        album.TotalTracks,
        album.Images.MaxBy(i => i.Width ?? 0)?.Url,
        "");
}
