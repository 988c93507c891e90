using Harmony.Data;
using Harmony.Orchestrator;

namespace Harmony.Jobs.Artists;

/// <summary>Requests for a sync of one artist. REST, the admin API and the pages all come through here, so that the history names the person in every case.</summary>
public sealed class ArtistSyncs(Database database, JobQueue queue, JobBoard jobs, OperatorDesk desk)
{
    /// <summary>Enqueues the sync, or finds the live one; a live one with a lower priority is raised to <paramref name="priority"/>.</summary>
    public async Task<Enqueued> RequestAsync(string actor, string artistKey, bool force, int? priority, CancellationToken cancellationToken)
    {
        var args = new ArtistSyncArgs(artistKey, force ? true : null);
        var options = new EnqueueOptions { Priority = priority, RequestedBy = actor };
        var sync = await database.InTransactionAsync(actor, work => queue.EnqueueAsync(work, args, options, cancellationToken), cancellationToken);
        if (sync.AlreadyEnqueued && (await jobs.FindAsync(sync.JobId, cancellationToken))?.Priority < priority)
        {
            await desk.SetPriorityAsync(actor, sync.JobId, priority.Value, cancellationToken);
        }

        return sync;
    }
}
