using Harmony.Orchestrator;

namespace Harmony.Jobs.Operator;

/// <summary>The arguments of a job that does nothing: return a number, wait, or fail with this text.</summary>
internal sealed record NoopArgs(long? N = null, string? Fail = null, int? SleepMs = null) : IJobArgs
{
    public static string Kind => "noop";
}

/// <summary>A job without effect, for trying out retries, dead letters and pauses.</summary>
internal sealed class NoopJob(TimeProvider time) : IJob<NoopArgs>
{
    private const int LongestSleepMs = 300_000;

    public static JobSpec Spec { get; } = new(Lanes.Operator) { OperatorStartable = true };

    public async Task<JobEnd> RunAsync(NoopArgs args, JobRun run, CancellationToken cancellationToken)
    {
        if (args.SleepMs is > 0 and var sleep)
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(sleep, LongestSleepMs)), time, cancellationToken);

        return args.Fail is { } text ? throw new InvalidOperationException(text) : JobEnd.Done(new { args.N });
    }
}
