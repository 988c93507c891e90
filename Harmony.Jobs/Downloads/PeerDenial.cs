using Harmony.Data.Downloads;
using Harmony.Jobs.Downloads.Candidates;
using Harmony.Jobs.Providers.Slskd;
using Harmony.Orchestrator;

namespace Harmony.Jobs.Downloads;

/// <summary>Rejects the current peer of a download, so that the next best peer is tried; no attempt is spent.</summary>
internal sealed class PeerDenial(SlskdClient slskd, DownloadStagesRepository stages, DownloadFolders folders, TimeProvider time)
{
    public async Task DenyAsync(Download row, JobRun run, string reasonCode, string sentence, CancellationToken cancellationToken)
    {
        await CancelAsync(row, cancellationToken);
        var until = time.GetUtcNow() + Length(reasonCode);
        var denied = DeniedPeers.Parse(row.DeniedPeers).With(new DeniedPeer(row.Username!, reasonCode, sentence, until));
        await run.InTransactionAsync(
            work => stages.DenyAsync(work, row.Id, denied.ToJson(), until, $"{reasonCode}: {sentence}", cancellationToken),
            cancellationToken);
        folders.DeleteLanded(row);
    }

    /// <summary>Ends the transfer at slskd; a transfer that slskd no longer lists is no error.</summary>
    public async Task CancelAsync(Download row, CancellationToken cancellationToken)
    {
        if (row.SlskdBatchId is { } batchId && await slskd.GetBatchAsync(batchId, cancellationToken) is { } batch)
        {
            foreach (var transfer in batch.Transfers.Where(t => !t.IsCompleted))
                await slskd.CancelAsync(row.Username!, transfer.Id, remove: false, cancellationToken);
        }
    }

    // A peer that sent a broken file will send it again; a peer that was offline may be back soon.
    private static TimeSpan Length(string reasonCode) => reasonCode switch
    {
        "corrupt" or "unreadable" or "unknown_format" or "duration_mismatch" or "size_mismatch" => TimeSpan.FromDays(7),
        "missing" => TimeSpan.FromMinutes(1),
        _ => TimeSpan.FromHours(1),
    };
}
