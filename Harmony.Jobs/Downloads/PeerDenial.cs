using Harmony.Data.Downloads;
using Harmony.Jobs.Downloads.Candidates;
using Harmony.Jobs.Providers.Slskd;
using Harmony.Orchestrator;

namespace Harmony.Jobs.Downloads;

/// <summary>Gives up on the peer a download turned to, so that the next best gets its chance; no attempt is spent.</summary>
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

    /// <summary>Ends what still runs at slskd; what it lists no longer is not missed.</summary>
    public async Task CancelAsync(Download row, CancellationToken cancellationToken)
    {
        if (row.SlskdBatchId is { } batchId && await slskd.GetBatchAsync(batchId, cancellationToken) is { } batch)
        {
            foreach (var transfer in batch.Transfers.Where(t => !t.IsCompleted))
            {
                await slskd.CancelAsync(row.Username!, transfer.Id, remove: false, cancellationToken);
            }
        }
    }

    // Who sent a broken file will send it again; who was away may be back soon.
    private static TimeSpan Length(string reasonCode) => reasonCode switch
    {
        "corrupt" or "unreadable" or "unknown_format" or "duration_mismatch" or "size_mismatch" => TimeSpan.FromDays(7),
        "missing" => TimeSpan.FromMinutes(1),
        _ => TimeSpan.FromHours(1),
    };
}
