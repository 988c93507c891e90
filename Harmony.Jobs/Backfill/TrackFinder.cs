using Harmony.Data.Backfill;
using Harmony.Data.Ingest;
using Harmony.Jobs.Artists;
using Harmony.Jobs.Providers.Catalogue;
using Harmony.Jobs.Providers.Spotify;

namespace Harmony.Jobs.Backfill;

/// <summary>Finds a posted track on Spotify: its cached match, else a search.</summary>
internal sealed class TrackFinder(SpotifyCatalog spotify, SpotifyCacheRepository cache)
{
    public async Task<FoundTrack> FindAsync(IngestItem item, bool mayUseCache, CancellationToken cancellationToken)
    {
        if (mayUseCache
            && await cache.FindTrackIdAsync(CacheKey(item), cancellationToken) is { } known
            && await spotify.GetTrackAsync(known, cancellationToken) is { } cached)
        {
            return new FoundTrack(cached, FromCache: true);
        }

        var sought = new SoughtTrack(
            item.Artist ?? "",
            item.Title ?? "",
            item.Album,
            item.Isrc,
            item.DurationSec is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
        foreach (var query in Queries(item))
        {
            var best = TrackMatch.Best(sought, await spotify.SearchTracksAsync(query, cancellationToken));
            if (best is { Accepted: true })
                return new FoundTrack(best.Track, FromCache: false);
        }

        return new FoundTrack(null, FromCache: false);
    }

    public async Task<ProviderAlbum?> AlbumOfAsync(ProviderTrack track, CancellationToken cancellationToken) =>
        track.Album is { } album ? await spotify.GetAlbumAsync(album.Id, cancellationToken) : null;

    public static string CacheKey(IngestItem item) =>
        Fingerprint.Of([item.Artist?.ToLowerInvariant(), item.Title?.ToLowerInvariant(), item.Album?.ToLowerInvariant()]);

    private static IEnumerable<string> Queries(IngestItem item)
    {
        if (item.Isrc is { Length: > 0 } isrc)
            yield return $"isrc:{isrc}";

        // Quotes would end the filter early.
        var artist = item.Artist?.Replace('"', ' ');
        var title = item.Title?.Replace('"', ' ');
        yield return $"artist:\"{artist}\" track:\"{title}\"";
        yield return $"{artist} {title}";
    }
}

internal sealed record FoundTrack(ProviderTrack? Track, bool FromCache);
