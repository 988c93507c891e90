using Harmony.Data.Watchlist;
using Harmony.Jobs.Artists.Watch;

namespace Harmony.Api.Pages.Watchlist;

/// <summary>A page of each list; the forecast of the next tick only at the reader's request, and not every second.</summary>
public sealed record WatchlistModel(
    int PageNumber, IReadOnlyList<WatchedArtist> Watched, IReadOnlyList<SyncedArtist> Synced, IReadOnlyList<Forecast>? Forecast, DateTimeOffset Now)
{
    public const int Most = 100;

    public IEnumerable<WatchedArtist> Items => Watched.Take(Most);

    public IEnumerable<SyncedArtist> Fresh => Synced.Take(Most);

    public bool HasMore => Watched.Count > Most || Synced.Count > Most;
}
