using Harmony.Data.Downloads;
using Harmony.Jobs.Providers.Slskd;

namespace Harmony.Jobs.Downloads;

/// <summary>Judges a transfer: acknowledged in time, not queued too long, progressing. Pure.</summary>
internal static class TransferClocks
{
    public const string SizeChanged = "size_changed";

    public static TransferVerdict Judge(Transfer row, SlskdTransfer? seen, SlskdDownloads downloads, TransferLimits limits)
    {
        if (seen is null)
        {
            return row.Now - row.RequestedAt > limits.Vanish
                ? new(TransferOutcome.Lost, "vanished", $"slskd no longer lists the transfer from {row.Username}")
                : Waiting($"slskd does not list the transfer from {row.Username} yet");
        }

        // After its restart slskd goes on by itself, but without the batch and its folder: the file would land where it is not looked for.
        if (!seen.IsCompleted && seen.BatchId != row.SlskdBatchId)
            return new(TransferOutcome.Lost, "restarted", $"slskd was restarted and went on with the file of {row.Username} outside its folder");

        return seen.IsCompleted ? JudgeEnd(row, seen) : JudgeClocks(row, seen, downloads, limits);
    }

    private static TransferVerdict JudgeEnd(Transfer row, SlskdTransfer seen)
    {
        if (seen.Succeeded)
            return new(TransferOutcome.Succeeded, "succeeded", $"{row.Username} sent the file");

        var why = seen.Exception is { Length: > 0 } text ? text : seen.State;
        if (why.Contains("does not match expected size", StringComparison.OrdinalIgnoreCase))
            return new(TransferOutcome.Failed, SizeChanged, $"{row.Username} has replaced the file since it was found: {why}");

        // slskd ends its transfers like this when it is restarted; the peer is not at fault.
        var interrupted = why.Contains("shut down", StringComparison.OrdinalIgnoreCase)
            || why.Contains("Operation cancelled", StringComparison.OrdinalIgnoreCase);
        return interrupted
            ? new(TransferOutcome.Lost, "interrupted", $"slskd was interrupted: {why}")
            : new(TransferOutcome.Failed, "transfer_" + EndOf(seen.State), $"the transfer from {row.Username} ended: {why}");
    }

    private static TransferVerdict JudgeClocks(Transfer row, SlskdTransfer seen, SlskdDownloads downloads, TransferLimits limits)
    {
        // The time of the last byte, or of the last state change: slskd itself may delay a request before it asks the peer.
        var last = row.ProgressAt > row.RequestedAt ? row.ProgressAt.Value : row.RequestedAt;
        var (limit, since, code, lacks) = seen.State switch
        {
            "Initializing" or "InProgress" => (limits.Progress, last, "no_progress", "sent no more bytes"),
            "Queued, Remotely" => (limits.Queue, row.QueuedAt ?? row.Now, "queued_too_long", "kept us in the queue"),
            "Queued, Locally" => (limits.Queue, row.RequestedAt, "queued_too_long", "was not asked by slskd"),
            _ => (limits.Acknowledge, last, "no_acknowledgement", "did not answer the request"),
        };

        // In a queue that advances, waiting is no failure: the peer sends us other files, or slskd's own slots are full.
        var moves = seen.State switch
        {
            "Queued, Remotely" => downloads.IsSending(row.Username),
            "Queued, Locally" => downloads.IsAnyMoving,
            _ => false,
        };
        return row.Now - since > limit && !moves
            ? new(TransferOutcome.Failed, code, $"{row.Username} {lacks} for {limit.TotalSeconds:0} s")
            : Waiting($"{seen.State} at {row.Username}");
    }

    private static TransferVerdict Waiting(string sentence) => new(TransferOutcome.Waiting, "waiting", sentence);

    // "Completed, Rejected" is a set of flags; the second one is the result.
    private static string EndOf(string state) =>
        state.Split(", ").FirstOrDefault(flag => flag != "Completed", "failed").ToLowerInvariant();
}
