using Harmony.Data.Downloads;
using Harmony.Jobs.Downloads.Candidates;
using Harmony.Jobs.Providers.Slskd;
using Harmony.Orchestrator;

namespace Harmony.Jobs.Downloads;

/// <summary>Rejects the current peer of a download, so that the next best peer is tried; no attempt is spent.</summary>
internal sealed class PeerDenial(
    SlskdClient slskd, DownloadStagesRepository stages, TransfersRepository transfers, DownloadFolders folders, TimeProvider time)
{
    public async Task DenyAsync(Download row, JobRun run, string reasonCode, string sentence, CancellationToken cancellationToken)
    {
        await CancelAsync(row, cancellationToken);
        var earlier = DeniedPeers.Parse(row.DeniedPeers);
        var failures = earlier.FailuresOf(row.Username!) + 1;
        var until = time.GetUtcNow() + LengthOf(reasonCode, failures);
        var denied = earlier.With(new DeniedPeer(row.Username!, reasonCode, sentence, until, failures));
        await run.InTransactionAsync(
            work => stages.DenyAsync(
                work, row.Id, denied.ToJson(), until, searchAgain: reasonCode == TransferClocks.SizeChanged, $"{reasonCode}: {sentence}", cancellationToken),
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

        // Also the one that slskd began by itself after its restart.
        if (await transfers.FindOtherAsync(row.Id, row.Username!, row.Filename!, cancellationToken) is null)
            await CancelFileAsync(row.Username!, row.Filename!, cancellationToken);
    }

    /// <summary>Ends every transfer of this file that is not over, whatever batch it belongs to.</summary>
    public async Task CancelFileAsync(string username, string filename, CancellationToken cancellationToken)
    {
        foreach (var transfer in (await slskd.ListDownloadsAsync(cancellationToken)).Where(t => t.Username == username && t.Filename == filename && !t.IsCompleted))
            await slskd.CancelAsync(username, transfer.Id, remove: false, cancellationToken);
    }

    /// <summary>A peer that sent a broken file will send it again. A peer with a passing trouble is asked again soon, and less and less often.</summary>
    internal static TimeSpan LengthOf(string reasonCode, int failures) => reasonCode switch
    {
        "corrupt" or "unreadable" or "unknown_format" or "format_not_wanted" or "silent" or "duration_mismatch" or "size_mismatch" => TimeSpan.FromDays(7),
        "missing" or TransferClocks.SizeChanged => TimeSpan.FromMinutes(1),
        _ => failures switch
        {
            <= 1 => TimeSpan.FromMinutes(2),
            2 => TimeSpan.FromMinutes(10),
            3 => TimeSpan.FromHours(1),
            4 => TimeSpan.FromHours(6),
            _ => TimeSpan.FromDays(1),
        },
    };
}
