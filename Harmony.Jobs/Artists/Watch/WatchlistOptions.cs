using Harmony.Jobs.Providers.Http;

namespace Harmony.Jobs.Artists.Watch;

public sealed class WatchlistOptions
{
    public int MaxPerTick { get; init; } = 20;

    /// <summary>An artist is looked at again after this time at the earliest.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How long a tick may take to claim whose turn it is.</summary>
    public TimeSpan TickBudget { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>What a look at a watched artist allows each of its calls; null: what the source's own limits are.</summary>
    public CallOverrides? Patience { get; init; }
}
