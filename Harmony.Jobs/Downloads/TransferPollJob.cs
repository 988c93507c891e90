using Harmony.Data.Downloads;
using Harmony.Jobs.Providers.Http;
using Harmony.Jobs.Providers.Slskd;
using Harmony.Orchestrator;
using Microsoft.Extensions.Logging;

namespace Harmony.Jobs.Downloads;

internal sealed record TransferPollArgs : IJobArgs
{
    public static string Kind => "transfer_poll";
}

/// <summary>The only poller of slskd: writes progress, and wakes a download when a decision is needed. Sleeps while no transfer is active.</summary>
internal sealed partial class TransferPollJob(
    TransfersRepository transfers,
    AbandonedTransfers abandoned,
    JobQueue queue,
    DownloadOptions options,
    TimeProvider time,
    ILogger<TransferPollJob> logger)
    : IJob<TransferPollArgs>
{
    public const string WakeKey = "transfers";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Shift = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Sleep = TimeSpan.FromHours(1);
    private static readonly TimeSpan RepeatWake = TimeSpan.FromSeconds(10);

    public static JobSpec Spec { get; } = new(Lanes.Download)
    {
        UniqueKey = "transfer_poll",
        Providers = [SlskdOptions.Provider],
        Timeout = TimeSpan.FromMinutes(10),
    };

    /// <summary>Higher than every download: when downloads fill the lane, the poller must still run.</summary>
    public static EnqueueOptions Ahead { get; } = new() { Priority = Spec.Priority + 1 };

    public async Task<JobEnd> RunAsync(TransferPollArgs args, JobRun run, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var woken = new Dictionary<long, long>();
        var first = true;
        while (time.GetElapsedTime(started) < Shift)
        {
            var active = await transfers.ListActiveAsync(cancellationToken);
            var left = await abandoned.ListAsync(cancellationToken);
            if (active.Count == 0 && left.Count == 0)
                return JobEnd.Park(Sleep, WakeKey, "no transfer is under way");

            try
            {
                if (!await LookAsync(active, left, woken, first, run, cancellationToken))
                    return JobEnd.Snooze(TimeSpan.FromSeconds(5), "slskd does not answer");
            }
            catch (PermanentJobException off) when (off.ReasonCode == ProviderHttp.SwitchedOff)
            {
                // As a dead letter it would be enqueued again by each sweep, and die again.
                return JobEnd.Park(Sleep, WakeKey, off.Message);
            }
            catch (PermanentJobException refused) when (SlskdOutage.IsRefusedKey(refused))
            {
                throw SlskdOutage.Blocked(refused);
            }

            first = false;
            await Task.Delay(Pause, time, cancellationToken);
        }

        return JobEnd.Snooze(Pause, "the next shift goes on");
    }

    private async Task<bool> LookAsync(
        IReadOnlyList<Transfer> active, IReadOnlyList<AbandonedTransfer> left, Dictionary<long, long> woken, bool first, JobRun run, CancellationToken cancellationToken)
    {
        SlskdDownloads downloads;
        try
        {
            downloads = await abandoned.EndAndListAsync(left, cancellationToken);
        }
        catch (ProviderException error)
        {
            // A failed poll is not worth a dead letter: the transfers continue, and the next poll may succeed.
            Silent(logger, error.Code, error.Message);
            return false;
        }

        var updates = active.Select(row => TransferChanges.Of(row, downloads.Find(row))).OfType<TransferUpdate>().ToList();
        var decide = active
            .Where(row => TransferClocks.Judge(row, downloads.Find(row), downloads, options.Limits).Outcome != TransferOutcome.Waiting)
            .Select(row => row.Id)
            .Where(id => !woken.TryGetValue(id, out var at) || time.GetElapsedTime(at) > RepeatWake)
            .ToList();

        // The first poll is committed even without changes: a poller that got this far is no crash loop (ADR 4).
        if (updates.Count == 0 && decide.Count == 0 && !first)
            return true;

        await run.InTransactionAsync(
            async work =>
            {
                await transfers.SaveAsync(work, updates, cancellationToken);
                foreach (var id in decide)
                    await queue.WakeAsync(work, TransferStage.WakeKey(id), cancellationToken);
            },
            cancellationToken);
        foreach (var id in decide)
            woken[id] = time.GetTimestamp();

        return true;
    }

    [LoggerMessage(EventName = "download.poll", Level = LogLevel.Warning, Message = "slskd transfer list not available ({Code}): {Message}")]
    private static partial void Silent(ILogger logger, string code, string message);
}
