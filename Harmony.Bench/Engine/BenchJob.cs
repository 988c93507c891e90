using Harmony.Orchestrator;

namespace Harmony.Bench.Engine;

internal sealed record BenchArgs(int N) : IJobArgs
{
    public static string Kind => "bench";
}

/// <summary>Does nothing, so that what is measured is the engine.</summary>
internal sealed class BenchJob : IJob<BenchArgs>
{
    private static TaskCompletionSource _started = New();
    private static long _runs;

    public static JobSpec Spec { get; } = new("bench");

    /// <summary>Completes when the next job of this process reaches its first line.</summary>
    public static Task Next()
    {
        var next = New();
        Volatile.Write(ref _started, next);
        return next.Task;
    }

    /// <summary>Runs of this process so far.</summary>
    public static long Runs => Interlocked.Read(ref _runs);

    public Task<JobEnd> RunAsync(BenchArgs args, JobRun run, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _runs);
        Volatile.Read(ref _started).TrySetResult();
        return Task.FromResult(JobEnd.Done());
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
