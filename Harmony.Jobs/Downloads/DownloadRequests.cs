using Harmony.Data;
using Harmony.Data.Downloads;
using Harmony.Orchestrator;

namespace Harmony.Jobs.Downloads;

/// <summary>Writes rows and jobs for wanted tracks, in the caller's transaction.</summary>
public sealed class DownloadRequests(DownloadsRepository downloads, JobQueue queue, DownloadOptions options)
{
    /// <summary>All tracks of these releases without a download; returns their number.</summary>
    public async Task<int> WantMissingAsync(
        Work work, IReadOnlyList<long> releaseIds, int priority, string source, CancellationToken cancellationToken)
    {
        if (releaseIds.Count == 0)
            return 0;

        var ids = await downloads.WantMissingAsync(work, releaseIds, priority, source, options.WantCancelledAgain, cancellationToken);
        await EnqueueAsync(work, ids, priority, source, cancellationToken);
        return ids.Count;
    }

    /// <summary>As <see cref="WantMissingAsync"/>, by hand: cancelled tracks too.</summary>
    public async Task<int> OrderReleaseAsync(Work work, long releaseId, int priority, string source, string requestedBy, CancellationToken cancellationToken)
    {
        var ids = await downloads.WantMissingAsync(work, [releaseId], priority, source, cancelledToo: true, cancellationToken);
        await EnqueueAsync(work, ids, priority, requestedBy, cancellationToken);
        return ids.Count;
    }

    /// <summary>One track; a second request returns the same download.</summary>
    public async Task<long> WantTrackAsync(
        Work work, long trackId, int priority, string source, string? requestedBy, CancellationToken cancellationToken)
    {
        var id = await downloads.WantTrackAsync(work, trackId, priority, source, requestedBy, cancellationToken);
        if (await downloads.IsLiveAsync(work, id, cancellationToken))
            await EnqueueAsync(work, [id], priority, requestedBy ?? source, cancellationToken);

        return id;
    }

    public async Task EnqueueAsync(Work work, IReadOnlyList<long> ids, int priority, string requestedBy, CancellationToken cancellationToken)
    {
        if (ids.Count > 0)
        {
            await queue.EnqueueManyAsync(
                work,
                ids.Select(id => new DownloadArgs(id)).ToList(),
                new EnqueueOptions { Priority = DownloadJob.Spec.Priority + priority, RequestedBy = requestedBy },
                cancellationToken);
        }
    }
}
