using Harmony.Data;
using Harmony.Data.Watchlist;
using Harmony.Jobs.Artists.Sync;
using Harmony.Orchestrator;
using Microsoft.Extensions.Logging;

namespace Harmony.Jobs.Artists.Watch;

public sealed record WatchlistTickArgs : IJobArgs
{
    public static string Kind => "watchlist_tick";
}

/// <summary>Claims the due artists and enqueues a check of each in the same transaction: a sync for the metadata list, else a refresh.</summary>
internal sealed partial class WatchlistTickJob(WatchlistRepository watchlist, JobQueue queue, WatchlistOptions options, ILogger<WatchlistTickJob> log)
    : IJob<WatchlistTickArgs>
{
    private const int MostTold = 20;

    public static JobSpec Spec { get; } = new(Lanes.Watchlist)
    {
        UniqueKey = "watchlist_tick",
        MaxRetries = 3,
        Timeout = TimeSpan.FromMinutes(1),
        OperatorStartable = true,
    };

    public async Task<JobEnd> RunAsync(WatchlistTickArgs args, JobRun run, CancellationToken cancellationToken)
    {
        var (claimed, enqueued) = await ClaimAsync(run, cancellationToken);
        foreach (var resting in await watchlist.ListRestingAsync(MostTold, cancellationToken))
            Skipped(log, resting.ArtistKey, resting.ResumeAt);

        return JobEnd.Done(new { claimed, enqueued });
    }

    private async Task<(int Claimed, int Enqueued)> ClaimAsync(JobRun run, CancellationToken cancellationToken)
    {
        using var budget = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        budget.CancelAfter(options.TickBudget);
        try
        {
            return await run.InTransactionAsync(work => ClaimAsync(work, run, budget.Token), budget.Token);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The watchlist tick took longer than {options.TickBudget.TotalMilliseconds:0} ms (WATCHLIST_TICK_BUDGET_MS); no artist was claimed.", late);
        }
    }

    private async Task<(int Claimed, int Enqueued)> ClaimAsync(Work work, JobRun run, CancellationToken cancellationToken)
    {
        var due = await watchlist.ClaimDueAsync(work, options.Interval, options.MaxPerTick, cancellationToken);
        var fresh = 0;
        foreach (var turn in due.GroupBy(d => (d.Priority, d.Synced)))
        {
            fresh += turn.Key.Synced
                ? await EnqueueAsync(work, turn.Select(d => new ArtistSyncArgs(d.ArtistKey)), ArtistSyncJob.Spec, turn.Key.Priority, run, cancellationToken)
                : await EnqueueAsync(work, turn.Select(d => new ArtistRefreshArgs(d.ArtistKey)), ArtistRefreshJob.Spec, turn.Key.Priority, run, cancellationToken);
        }

        return (due.Count, fresh);
    }

    private async Task<int> EnqueueAsync<TArgs>(
        Work work, IEnumerable<TArgs> turns, JobSpec spec, int priority, JobRun run, CancellationToken cancellationToken)
        where TArgs : class, IJobArgs
    {
        var jobs = await queue.EnqueueManyAsync(
            work,
            turns.ToList(),
            new EnqueueOptions { Priority = spec.Priority + priority, RequestedBy = WatchlistTickArgs.Kind, ParentJobId = run.JobId },
            cancellationToken);
        return jobs.Count(j => !j.AlreadyEnqueued);
    }

    [LoggerMessage(EventName = "watchlist.cooldown.skip", Level = LogLevel.Information, Message = "{ArtistKey} skipped, cooldown until {Until}: too many failed checks")]
    private static partial void Skipped(ILogger log, string artistKey, DateTimeOffset? until);
}
