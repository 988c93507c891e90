using System.ComponentModel.DataAnnotations;

namespace Harmony.Jobs.Watchlist;

public sealed class WatchlistOptions
{
    [Range(1, 100)]
    public int MaxPerTick { get; init; } = 20;

    /// <summary>An artist is looked at again after this time at the earliest.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromDays(1);
}
