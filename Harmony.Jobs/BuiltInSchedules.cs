using Harmony.Jobs.Artists.Watch;
using Harmony.Jobs.Upkeep;
using Harmony.Orchestrator.Schedules;

namespace Harmony.Jobs;

/// <summary>The schedules without configuration; <c>SCHEDULE_*</c> keys change these and add others.</summary>
public static class BuiltInSchedules
{
    public static IReadOnlyList<Schedule> All { get; } =
    [
        new() { Name = DownloadSweepArgs.Kind, Kind = DownloadSweepArgs.Kind, Every = TimeSpan.FromMinutes(5) },
        new() { Name = PruneArgs.Kind, Kind = PruneArgs.Kind, Every = TimeSpan.FromDays(1) },
        // WATCHLIST_TIMER_INTERVAL_S is its interval, WATCHLIST_TIMER_ENABLED=false removes it, and it needs Spotify.
        new() { Name = WatchlistTickArgs.Kind, Kind = WatchlistTickArgs.Kind, Every = TimeSpan.FromMinutes(15) },
    ];
}
