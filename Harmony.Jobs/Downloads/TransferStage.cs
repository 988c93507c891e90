using Harmony.Data.Downloads;
using Harmony.Jobs.Providers.Slskd;
using Harmony.Orchestrator;

namespace Harmony.Jobs.Downloads;

/// <summary>Waits for the file without holding a worker: the poller wakes the download when a decision is needed.</summary>
internal sealed class TransferStage(
    SlskdClient slskd,
    TransfersRepository transfers,
    DownloadStagesRepository stages,
    PeerDenial denial,
    DownloadFolders folders,
    DownloadOptions options)
    : IDownloadStage
{
    // Only for the case that no poller runs: the poller checks the same limits every second.
    private static readonly TimeSpan Fallback = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LandingLimit = TimeSpan.FromSeconds(60);

    public IReadOnlyList<string> From { get; } = [DownloadStage.Requested, DownloadStage.Transferring];

    public static string WakeKey(long downloadId) => $"transfer:{downloadId}";

    public static JobEnd Wait(long downloadId, string reason) => JobEnd.Park(Fallback, WakeKey(downloadId), reason);

    public async Task<JobEnd?> RunAsync(Download row, JobRun run, CancellationToken cancellationToken)
    {
        var downloads = new SlskdDownloads(await slskd.ListDownloadsAsync(cancellationToken));
        if (await transfers.FindAsync(row.Id, cancellationToken) is not { } transfer)
            return null;

        var verdict = TransferClocks.Judge(transfer, downloads.Find(transfer), downloads, options.Limits);
        switch (verdict.Outcome)
        {
            case TransferOutcome.Waiting:
                return Wait(row.Id, verdict.Sentence);
            case TransferOutcome.Succeeded:
                return await LandAsync(row, transfer, run, cancellationToken);
            case TransferOutcome.Lost when row.CandidateRequests < options.RequestsPerCandidate:
                await denial.CancelAsync(row, cancellationToken);
                await run.InTransactionAsync(work => stages.AskAgainAsync(work, row.Id, verdict.Sentence, cancellationToken), cancellationToken);
                return null;
            default:
                await denial.DenyAsync(row, run, verdict.ReasonCode, verdict.Sentence, cancellationToken);
                return null;
        }
    }

    private async Task<JobEnd?> LandAsync(Download row, Transfer transfer, JobRun run, CancellationToken cancellationToken)
    {
        if (folders.FindLanded(row.Destination!) is { } path)
        {
            await run.InTransactionAsync(work => stages.LandAsync(work, row.Id, path, cancellationToken), cancellationToken);
            return null;
        }

        // slskd reports "succeeded" a moment before it moves the file to its final folder.
        var ended = await run.InTransactionAsync(work => stages.MarkEndedAsync(work, row.Id, cancellationToken), cancellationToken);
        return transfer.Now - ended <= LandingLimit
            ? JobEnd.Snooze(LookAgain, "slskd is moving the file")
            : throw new FileNotFoundException(
                $"slskd finished the transfer, but {row.Destination} is not in {options.DownloadsDir}: is DOWNLOADS_DIR the folder slskd writes to?");
    }
}
