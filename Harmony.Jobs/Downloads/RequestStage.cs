using Harmony.Data.Downloads;
using Harmony.Jobs.Downloads.Candidates;
using Harmony.Jobs.Providers.Slskd;
using Harmony.Orchestrator;

namespace Harmony.Jobs.Downloads;

/// <summary>Requests the file from the chosen peer. The batch id depends on download and try, so a repeated request is the same request.</summary>
internal sealed class RequestStage(
    SlskdGate gate, DownloadStagesRepository stages, TransfersRepository transfers, PeerDenial denial, DiskRoom room, JobQueue queue)
    : IDownloadStage
{
    public IReadOnlyList<string> From { get; } = [DownloadStage.Chosen];

    public async Task<JobEnd?> RunAsync(Download row, JobRun run, CancellationToken cancellationToken)
    {
        var candidate = CandidateChoice.OfRow(row);
        if (await room.ForDownloadAsync(row, candidate.Size, cancellationToken) is { } wait)
            return wait;

        var batchId = BatchId.OfDownload(row.Id, row.Try, row.CreatedAt);
        var destination = DownloadFolders.DestinationOf(row.Id, row.Try);
        var batch = await gate.RequestAsync(
            batchId, candidate.Username, new SlskdFile(candidate.Filename, candidate.Size), destination, cancellationToken);
        if (batch.UserOffline)
        {
            await denial.DenyAsync(row, run, "user_offline", $"{candidate.Username} is offline", cancellationToken);
            return null;
        }

        if (batch.Transfers.Count == 0 && batch.Failures.Any(f => f.Message.Contains("Already in progress", StringComparison.OrdinalIgnoreCase)))
            return await WaitForOtherAsync(row, run, candidate, cancellationToken);

        if (batch.Transfers.Count == 0)
        {
            var why = batch.Failures.Count > 0 ? batch.Failures[0].Message : "slskd gave no reason";
            await denial.DenyAsync(row, run, "not_enqueued", $"slskd did not take the file of {candidate.Username}: {why}", cancellationToken);
            return null;
        }

        var moved = await run.InTransactionAsync(
            async work =>
            {
                var ours = await stages.RequestAsync(work, row.Id, batchId, destination, cancellationToken);
                if (ours)
                {
                    await queue.EnqueueAsync(work, new TransferPollArgs(), TransferPollJob.Ahead, cancellationToken);
                    await queue.WakeAsync(work, TransferPollJob.WakeKey, cancellationToken);
                }

                return ours;
            },
            cancellationToken);
        return moved ? TransferStage.Wait(row.Id, $"asked {candidate.Username} for the file") : null;
    }

    // slskd accepts a file of a peer once at a time. Another download of ours may be fetching it: the same track of another release, for example.
    // Otherwise slskd does it of its own accord, as after its restart, into a folder that is not ours: that transfer is ended.
    private async Task<JobEnd> WaitForOtherAsync(Download row, JobRun run, Candidate candidate, CancellationToken cancellationToken)
    {
        var other = await transfers.FindOtherAsync(row.Id, candidate.Username, candidate.Filename, cancellationToken);
        if (other is null)
            await denial.CancelFileAsync(candidate.Username, candidate.Filename, cancellationToken);

        var reason = other is null
            ? $"slskd was already fetching this file of {candidate.Username} on its own; that transfer is ended first"
            : $"waiting for download {other}, which fetches the same file of {candidate.Username}";
        await run.InTransactionAsync(work => stages.RequestLaterAsync(work, row.Id, reason, cancellationToken), cancellationToken);
        return JobEnd.Snooze(other is null ? TimeSpan.FromSeconds(3) : TimeSpan.FromSeconds(20), reason);
    }
}
