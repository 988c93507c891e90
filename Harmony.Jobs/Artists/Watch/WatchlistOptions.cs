using Harmony.Jobs.Providers.Http;

namespace Harmony.Jobs.Artists.Watch;

public sealed class WatchlistOptions
{
    public int MaxPerTick { get; init; } = 20;

    /// <summary>The minimum time between two checks of an artist.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How long a tick may take to claim the due artists.</summary>
    public TimeSpan TickBudget { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>The limits of each call in a check of a watched artist; null: the source's own limits.</summary>
    public CallOverrides? Patience { get; init; }
}
