using Harmony.Orchestrator;

namespace Harmony.Jobs.Upkeep;

public sealed record PruneArgs : IJobArgs
{
    public static string Kind => "prune";
}

/// <summary>Deletes jobs, history and slots that are older than AUDIT_RETENTION_DAYS, and dead letters older than DLQ_RETENTION_DAYS.</summary>
internal sealed class PruneJob(Retention retention) : IJob<PruneArgs>
{
    public static JobSpec Spec { get; } = new(Lanes.Upkeep)
    {
        UniqueKey = "prune",
        Timeout = TimeSpan.FromHours(1),
        OperatorStartable = true,
    };

    public async Task<JobEnd> RunAsync(PruneArgs args, JobRun run, CancellationToken cancellationToken) =>
        JobEnd.Done(await retention.SweepAsync(done => run.ProgressAsync(done, null, "forgetting what is too old", cancellationToken), cancellationToken));
}
