using Harmony.Data;
using Harmony.Data.Downloads;
using Harmony.Orchestrator;

namespace Harmony.Jobs.Downloads;

/// <summary>Orders tracks and releases, and changes one download. The audit records each action with its actor.</summary>
public sealed class DownloadOperations(
    Database database, OrdersRepository orders, DownloadsRepository downloads, DownloadRequests requests, JobOperations jobs)
{
    /// <summary>Above the watchlist: somebody waits for it.</summary>
    public const int OrderPriority = 10;

    public const string Source = "manual";

    /// <summary>Tracks by name, without a catalogue; one that is on its way, or in the library, is not ordered again.</summary>
    public Task<IReadOnlyList<OrderedTrack>> OrderAsync(string actor, string requestedBy, IReadOnlyList<TrackOrder> tracks, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            actor,
            async work =>
            {
                var ordered = await orders.OrderAsync(work, tracks, requestedBy, cancellationToken);
                foreach (var same in tracks.Zip(ordered).Where(pair => !pair.Second.AlreadyKnown).GroupBy(pair => pair.First.Priority))
                    await requests.EnqueueAsync(work, [.. same.Select(pair => pair.Second.Id)], same.Key, requestedBy, cancellationToken);

                await OperatorActions.RecordAsync(work, "order_tracks", "downloads", new { tracks = tracks.Count }, cancellationToken);
                return ordered;
            },
            cancellationToken);

    /// <summary>Every track of the release that is neither on its way nor in the library, cancelled ones too; returns their number.</summary>
    public Task<int> OrderReleaseAsync(string actor, long releaseId, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            actor,
            async work =>
            {
                var wanted = await requests.OrderReleaseAsync(work, releaseId, OrderPriority, Source, actor, cancellationToken);
                await OperatorActions.RecordAsync(work, "order_release", $"release:{releaseId}", new { tracks = wanted }, cancellationToken);
                return wanted;
            },
            cancellationToken);

    public async Task<OperatorOutcome> CancelAsync(string actor, long id, CancellationToken cancellationToken)
    {
        if (await downloads.FindAsync(id, cancellationToken) is not { } row)
            return OperatorOutcome.NotFound;

        if (!row.IsLive)
            return OperatorOutcome.AlreadyEnded;

        if (await orders.FindJobAsync(id, cancellationToken) is { } job)
            return await jobs.CancelAsync(actor, job, cancellationToken);

        return await database.InTransactionAsync(
            actor,
            async work =>
            {
                await OperatorActions.RecordAsync(work, "cancel_download", $"download:{id}", null, cancellationToken);
                return await orders.CancelAsync(work, id, cancellationToken) ? OperatorOutcome.Cancelled : OperatorOutcome.AlreadyEnded;
            },
            cancellationToken);
    }

    /// <summary>A dead letter is requeued; a cancelled or failed download gets a new job, because its old one has ended.</summary>
    public async Task<OperatorOutcome> RetryAsync(string actor, long id, CancellationToken cancellationToken)
    {
        if (await downloads.FindAsync(id, cancellationToken) is not { } row)
            return OperatorOutcome.NotFound;

        if (row.State is DownloadState.Queued or DownloadState.Downloading or DownloadState.Completed)
            return OperatorOutcome.NotDeadLetter;

        if (row.State == DownloadState.DeadLetter && await orders.FindJobAsync(id, cancellationToken) is { } job)
            return (await jobs.RequeueAsync(actor, [job], cancellationToken)).Single().Outcome;

        return await database.InTransactionAsync(
            actor,
            async work =>
            {
                await orders.ReviveAsync(work, id, cancellationToken);
                if (!await downloads.IsLiveAsync(work, id, cancellationToken))
                    return OperatorOutcome.Superseded;

                await requests.EnqueueAsync(work, [id], row.Priority, actor, cancellationToken);
                await OperatorActions.RecordAsync(work, "retry_download", $"download:{id}", null, cancellationToken);
                return OperatorOutcome.Requeued;
            },
            cancellationToken);
    }

    public async Task<OperatorOutcome> PrioritiseAsync(string actor, long id, int priority, CancellationToken cancellationToken)
    {
        if (await downloads.FindAsync(id, cancellationToken) is null)
            return OperatorOutcome.NotFound;

        if (!await database.InTransactionAsync(actor, work => orders.SetPriorityAsync(work, id, priority, cancellationToken), cancellationToken))
            return OperatorOutcome.AlreadyEnded;

        return await orders.FindJobAsync(id, cancellationToken) is { } job
            ? await jobs.SetPriorityAsync(actor, job, DownloadJob.Spec.Priority + priority, cancellationToken)
            : OperatorOutcome.Changed;
    }
}
