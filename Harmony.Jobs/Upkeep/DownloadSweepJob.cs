using Harmony.Data.Downloads;
using Harmony.Jobs.Downloads;
using Harmony.Orchestrator;

namespace Harmony.Jobs.Upkeep;

public sealed record DownloadSweepArgs : IJobArgs
{
    public static string Kind => "download_sweep";
}

/// <summary>
/// Creates a job for every download that should have one and has none (rows inserted by hand, or restored from a backup),
/// and a poller for transfers without one; deletes temporary copies of killed runs.
/// </summary>
internal sealed class DownloadSweepJob(
    DownloadsRepository downloads,
    TransfersRepository transfers,
    DownloadRequests requests,
    DownloadFolders folders,
    JobQueue queue,
    TimeProvider time)
    : IJob<DownloadSweepArgs>
{
    private const int PerRun = 1000;

    // A row and its job are written together; this age only avoids conflicts with a transaction that is being committed.
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan KeepCopies = TimeSpan.FromDays(1);

    public static JobSpec Spec { get; } = new(Lanes.Upkeep)
    {
        UniqueKey = "download_sweep",
        MaxRetries = 3,
        OperatorStartable = true,
    };

    public async Task<JobEnd> RunAsync(DownloadSweepArgs args, JobRun run, CancellationToken cancellationToken)
    {
        var watched = (await transfers.ListActiveAsync(cancellationToken)).Count + (await transfers.ListAbandonedAsync(cancellationToken)).Count;
        var adopted = await run.InTransactionAsync(
            async work =>
            {
                if (watched > 0)
                {
                    // The poller never ends, so a process killed three times makes it a dead letter like any other job.
                    await queue.EnqueueAsync(work, new TransferPollArgs(), TransferPollJob.Ahead, cancellationToken);
                }

                var orphans = await downloads.ListWithoutJobAsync(work, Settled, PerRun, cancellationToken);
                await requests.EnqueueAsync(work, orphans, 0, DownloadSweepArgs.Kind, cancellationToken);
                return orphans.Count;
            },
            cancellationToken);
        var deleted = folders.DeleteCopiesBefore(time.GetUtcNow() - KeepCopies);
        return adopted == PerRun
            ? JobEnd.Snooze(TimeSpan.FromSeconds(1), $"{PerRun} adopted, there are more")
            : JobEnd.Done(new { adopted, transfers = watched, deleted });
    }
}
