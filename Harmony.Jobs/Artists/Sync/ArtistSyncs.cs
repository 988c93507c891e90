using Harmony.Orchestrator;

namespace Harmony.Jobs.Artists.Sync;

/// <summary>Requests for a sync of one artist. REST, the admin API and the pages all use this class, so that the history names the person in every case.</summary>
public sealed class ArtistSyncs(JobQueue queue, JobOperations operations)
{
    /// <summary>Enqueues the sync, or finds the live one; a lower priority of a live one is raised to <paramref name="priority"/>.</summary>
    public async Task<Enqueued> RequestAsync(string actor, string artistKey, bool force, int? priority, CancellationToken cancellationToken)
    {
        var args = new ArtistSyncArgs(artistKey, force ? true : null);
        var sync = await queue.EnqueueAsync(args, new EnqueueOptions { Priority = priority, RequestedBy = actor }, cancellationToken);
        if (!sync.AlreadyEnqueued || priority is not { } wanted || sync.Priority >= wanted)
            return sync;

        return await operations.SetPriorityAsync(actor, sync.JobId, wanted, cancellationToken) == OperatorOutcome.Changed ? sync with { Priority = wanted } : sync;
    }
}
