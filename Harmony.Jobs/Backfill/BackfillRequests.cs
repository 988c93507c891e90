using Harmony.Data;
using Harmony.Data.Backfill;
using Harmony.Orchestrator;

namespace Harmony.Jobs.Backfill;

/// <summary>Starts backfills: the visible row and its job, in one transaction.</summary>
public sealed class BackfillRequests(Database database, BackfillRepository backfills, JobQueue queue, BackfillOptions options)
{
    public async Task<string> RunAsync(
        int? maxItems, bool expandPlaylists, bool includeCachedResults, string requestedBy, CancellationToken cancellationToken)
    {
        var id = $"backfill_{Guid.CreateVersion7():n}";
        await database.InTransactionAsync(
            requestedBy,
            async work =>
            {
                var limit = Math.Clamp(maxItems ?? options.MaxItems, 1, options.MaxItems);
                await backfills.CreateAsync(work, id, limit, expandPlaylists, includeCachedResults, cancellationToken);
                await queue.EnqueueAsync(work, new BackfillArgs(id), new EnqueueOptions { RequestedBy = requestedBy }, cancellationToken);
            },
            cancellationToken);
        return id;
    }
}
