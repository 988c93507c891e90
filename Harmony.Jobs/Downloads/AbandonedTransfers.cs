using Harmony.Data.Downloads;
using Harmony.Jobs.Providers.Slskd;

namespace Harmony.Jobs.Downloads;

/// <summary>Ends at slskd what an operator has cancelled, or what became a dead letter, and deletes what it had written.</summary>
internal sealed class AbandonedTransfers(SlskdClient slskd, TransfersRepository transfers, DownloadFolders folders)
{
    public Task<IReadOnlyList<AbandonedTransfer>> ListAsync(CancellationToken cancellationToken) => transfers.ListAbandonedAsync(cancellationToken);

    /// <summary>Ends these, and returns what slskd lists then. One that is still under way is ended again by the next look.</summary>
    public async Task<SlskdDownloads> EndAndListAsync(IReadOnlyList<AbandonedTransfer> abandoned, CancellationToken cancellationToken)
    {
        foreach (var one in abandoned)
        {
            var ended = true;
            foreach (var transfer in (await slskd.GetBatchAsync(one.SlskdBatchId, cancellationToken))?.Transfers ?? [])
            {
                // Removing a transfer under way only cancels it: the next look removes it.
                await slskd.CancelAsync(one.Username, transfer.Id, remove: true, cancellationToken);
                ended &= transfer.IsCompleted;
            }

            if (ended)
            {
                folders.DeleteLanded(one.Destination);
                await transfers.ForgetAbandonedAsync(one.Id, one.SlskdBatchId, cancellationToken);
            }
        }

        return new SlskdDownloads(await slskd.ListDownloadsAsync(cancellationToken));
    }
}
