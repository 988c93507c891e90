using Harmony.Data.Downloads;
using Harmony.Jobs.Providers.Slskd;
using Harmony.Orchestrator;

namespace Harmony.Jobs.Downloads;

/// <summary>The track is on the shelf: its file and its record at slskd are removed.</summary>
internal sealed class CleanStage(SlskdClient slskd, DownloadStagesRepository stages, DownloadFolders folders) : IDownloadStage
{
    public IReadOnlyList<string> From { get; } = [DownloadStage.Shelved];

    public async Task<JobEnd?> RunAsync(Download row, JobRun run, CancellationToken cancellationToken)
    {
        // The name of the copy depends on what the landed file holds.
        folders.DeleteTaggedCopy(row);
        folders.DeleteLanded(row);
        if (row.SlskdTransferId is { } transferId && row.Username is { } username)
        {
            // Keeps the list short that the poller reads every second.
            await slskd.CancelAsync(username, transferId, remove: true, cancellationToken);
        }

        await run.InTransactionAsync(work => stages.FinishAsync(work, row.Id, cancellationToken), cancellationToken);
        return null;
    }
}
