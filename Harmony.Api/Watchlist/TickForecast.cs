using Harmony.Jobs.Artists.Sync;
using Harmony.Jobs.Artists.Watch;

namespace Harmony.Api.Watchlist;

/// <summary>The forecast of a tick, without its changes.</summary>
/// <param name="Counts">The number of all artists that would be fetched, or left for each reason; the lists are cut at the limit.</param>
internal sealed record TickForecast(IReadOnlyList<WouldFetch> Fetch, IReadOnlyList<WouldLeave> Leave, IReadOnlyDictionary<string, long> Counts)
{
    public static TickForecast Of(IReadOnlyList<Forecast> forecasts) => new(
        [.. forecasts.Where(f => f.Plan.Why is null).Select(WouldFetch.Of)],
        [.. forecasts.Where(f => f.Plan.Why is not null).Select(WouldLeave.Of)],
        forecasts.GroupBy(f => f.Plan.Why ?? "fetch").ToDictionary(g => g.Key, g => g.First().Plan.Alike, StringComparer.Ordinal));
}

/// <param name="Kind">The kind of its job: <c>artist_sync</c> for artists on the metadata list, else <c>artist_refresh</c>.</param>
/// <param name="MissingTracks">Known tracks that would be downloaded; null where none would.</param>
internal sealed record WouldFetch(string ArtistKey, string? Name, string Kind, int Priority, DateTimeOffset? LastTurn, long? MissingTracks)
{
    public static WouldFetch Of(Forecast f) => new(
        f.Plan.ArtistKey, f.Plan.Name, f.Plan.Synced ? ArtistSyncArgs.Kind : ArtistRefreshArgs.Kind, f.Plan.Priority, f.Plan.LastTurn, f.MissingTracks);
}

internal sealed record WouldLeave(string ArtistKey, string? Name, string Why, DateTimeOffset? Until)
{
    public static WouldLeave Of(Forecast f) => new(f.Plan.ArtistKey, f.Plan.Name, f.Plan.Why!, f.Plan.Until);
}
