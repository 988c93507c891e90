using Harmony.Jobs.Artists.Sync;
using Harmony.Jobs.Artists.Watch;

namespace Harmony.Api.Watchlist;

/// <summary>The answer of a tick that is only asked.</summary>
/// <param name="Counts">How many artists in all would be fetched, or left for each reason; the lists are cut at the limit.</param>
internal sealed record TickForecast(IReadOnlyList<WouldFetch> Fetch, IReadOnlyList<WouldLeave> Leave, IReadOnlyDictionary<string, long> Counts)
{
    public static TickForecast Of(IReadOnlyList<Forecast> forecasts) => new(
        [.. forecasts.Where(f => f.Plan.Why is null).Select(WouldFetch.Of)],
        [.. forecasts.Where(f => f.Plan.Why is not null).Select(WouldLeave.Of)],
        forecasts.GroupBy(f => f.Plan.Why ?? "fetch").ToDictionary(g => g.Key, g => g.First().Plan.Alike, StringComparer.Ordinal));
}

/// <param name="Kind">The job it would get: <c>artist_sync</c> where it stands on the metadata list, else <c>artist_refresh</c>.</param>
/// <param name="MissingTracks">Tracks known by now that would be downloaded; null where nothing would.</param>
internal sealed record WouldFetch(string ArtistKey, string? Name, string Kind, int Priority, DateTimeOffset? LastTurn, long? MissingTracks)
{
    public static WouldFetch Of(Forecast f) => new(
        f.Plan.ArtistKey, f.Plan.Name, f.Plan.Synced ? ArtistSyncArgs.Kind : ArtistRefreshArgs.Kind, f.Plan.Priority, f.Plan.LastTurn, f.MissingTracks);
}

internal sealed record WouldLeave(string ArtistKey, string? Name, string Why, DateTimeOffset? Until)
{
    public static WouldLeave Of(Forecast f) => new(f.Plan.ArtistKey, f.Plan.Name, f.Plan.Why!, f.Plan.Until);
}
