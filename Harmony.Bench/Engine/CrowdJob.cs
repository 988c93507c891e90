using Harmony.Orchestrator;

namespace Harmony.Bench.Engine;

internal sealed record CrowdArgs(int N) : IJobArgs
{
    public static string Kind => "crowd";
}

/// <summary>Keeps its lane busy for a while, as a job that calls somebody does.</summary>
internal sealed class CrowdJob : IJob<CrowdArgs>
{
    public const int Width = 20;

    public static JobSpec Spec { get; } = new("crowd");

    public async Task<JobEnd> RunAsync(CrowdArgs args, JobRun run, CancellationToken cancellationToken)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
        return JobEnd.Done();
    }
}
