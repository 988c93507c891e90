using Harmony.Data.Watchlist;
using Harmony.Jobs.Artists;
using Harmony.Orchestrator;

namespace Harmony.Jobs.Watchlist;

public sealed record WatchlistTickArgs : IJobArgs
{
    public static string Kind => "watchlist_tick";
}

/// <summary>Claims the artists whose turn it is, and enqueues a sync for each in the same transaction.</summary>
public sealed class WatchlistTickJob(WatchlistRepository watchlist, JobQueue queue, WatchlistOptions options)
    : IJob<WatchlistTickArgs>
{
    public static JobSpec Spec { get; } = new(Lanes.Watchlist)
    {
        UniqueKey = "watchlist_tick",
        MaxRetries = 3,
        Timeout = TimeSpan.FromMinutes(1),
        OperatorStartable = true,
    };

    public async Task<JobEnd> RunAsync(WatchlistTickArgs args, JobRun run, CancellationToken ct)
    {
        var (claimed, enqueued) = await run.InTransactionAsync(
            async work =>
            {
                var due = await watchlist.ClaimDueAsync(work, options.Interval, options.MaxPerTick, ct);
                var fresh = 0;
                foreach (var group in due.GroupBy(d => d.Priority))
                {
                    var jobs = await queue.EnqueueManyAsync(
                        work,
                        group.Select(d => new ArtistSyncArgs(d.ArtistKey)).ToList(),
                        new EnqueueOptions
                        {
                            Priority = ArtistSyncJob.Spec.Priority + group.Key,
                            RequestedBy = WatchlistTickArgs.Kind,
                            ParentJobId = run.JobId,
                        },
                        ct);
                    fresh += jobs.Count(j => !j.AlreadyEnqueued);
                }

                return (due.Count, fresh);
            },
            ct);
        return JobEnd.Done(new { claimed, enqueued });
    }
}
