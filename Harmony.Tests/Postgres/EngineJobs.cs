using System.Collections.Concurrent;
using Harmony.Data;
using Harmony.Orchestrator;

namespace Harmony.Tests.Postgres;

/// <summary>What the jobs of one test saw.</summary>
internal sealed class Sightings
{
    private int _now;
    private int _most;

    public ConcurrentBag<long> Stopped { get; } = [];

    public ConcurrentBag<long> Refused { get; } = [];

    public ConcurrentDictionary<long, bool> Once { get; } = new();

    public TaskCompletionSource Released { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>How many were in at once, at most.</summary>
    public int Most => _most;

    public async Task CrowdAsync(CancellationToken cancellationToken)
    {
        var now = Interlocked.Increment(ref _now);
        for (var most = _most; now > most; most = _most)
            Interlocked.CompareExchange(ref _most, now, most);
        await Task.Delay(50, cancellationToken);
        Interlocked.Decrement(ref _now);
    }
}

internal sealed record EchoArgs(string Say) : IJobArgs
{
    public static string Kind => "echo";
}

internal sealed class EchoJob : IJob<EchoArgs>
{
    public static JobSpec Spec { get; } = new("work");

    public Task<JobEnd> RunAsync(EchoArgs args, JobRun run, CancellationToken cancellationToken) => Task.FromResult(JobEnd.Done(new { Said = args.Say }));
}

internal sealed record FailArgs(string Message, string? Code = null) : IJobArgs
{
    public static string Kind => "fail";
}

internal sealed class FailJob : IJob<FailArgs>
{
    public static JobSpec Spec { get; } = new("work");

    public Task<JobEnd> RunAsync(FailArgs args, JobRun run, CancellationToken cancellationToken) => throw (args.Code is null
        ? new InvalidOperationException(args.Message)
        : new PermanentJobException(args.Code, args.Message));
}

internal sealed record ParkArgs(string Key, bool WakeFirst) : IJobArgs
{
    public static string Kind => "park";
}

internal sealed class ParkJob(JobQueue queue, Database database, Sightings seen) : IJob<ParkArgs>
{
    public static JobSpec Spec { get; } = new("work");

    public async Task<JobEnd> RunAsync(ParkArgs args, JobRun run, CancellationToken cancellationToken)
    {
        if (!seen.Once.TryAdd(run.JobId, true))
            return JobEnd.Done();
        if (args.WakeFirst)
            await database.InTransactionAsync(work => queue.WakeAsync(work, args.Key, cancellationToken), cancellationToken);
        return JobEnd.Park(TimeSpan.FromHours(1), args.Key, "waits for a call");
    }
}

internal sealed record SlowArgs(int Ms) : IJobArgs
{
    public static string Kind => "slow";
}

internal sealed class SlowJob(Sightings seen) : IJob<SlowArgs>
{
    public static JobSpec Spec { get; } = new("work");

    public async Task<JobEnd> RunAsync(SlowArgs args, JobRun run, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(args.Ms, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            seen.Stopped.Add(run.JobId);
            throw;
        }

        return JobEnd.Done();
    }
}

internal sealed record OnlyOneArgs(string Name, bool? Force = null) : IJobArgs
{
    public static string Kind => "only_one";
}

internal sealed class OnlyOneJob(Sightings seen) : IJob<OnlyOneArgs>
{
    public static JobSpec Spec { get; } = new("narrow") { UniqueKey = "one:{name}" };

    public async Task<JobEnd> RunAsync(OnlyOneArgs args, JobRun run, CancellationToken cancellationToken)
    {
        await seen.CrowdAsync(cancellationToken);
        return JobEnd.Done();
    }
}

internal sealed record CrowdArgs : IJobArgs
{
    public static string Kind => "crowd";
}

internal sealed class CrowdJob(Sightings seen) : IJob<CrowdArgs>
{
    public static JobSpec Spec { get; } = new("work");

    public async Task<JobEnd> RunAsync(CrowdArgs args, JobRun run, CancellationToken cancellationToken)
    {
        await seen.CrowdAsync(cancellationToken);
        return JobEnd.Done();
    }
}

internal sealed record OtherEndArgs(string End) : IJobArgs
{
    public static string Kind => "other_end";
}

internal sealed class OtherEndJob : IJob<OtherEndArgs>
{
    public static JobSpec Spec { get; } = new("work");

    public Task<JobEnd> RunAsync(OtherEndArgs args, JobRun run, CancellationToken cancellationToken) => Task.FromResult(args.End == "snooze"
        ? JobEnd.Snooze(TimeSpan.FromHours(1), "not yet")
        : JobEnd.Discard("discarded", "not needed"));
}

internal sealed record BlockedArgs : IJobArgs
{
    public static string Kind => "blocked";
}

internal sealed class BlockedJob(Sightings seen) : IJob<BlockedArgs>
{
    public static JobSpec Spec { get; } = new("narrow") { Providers = ["shop"] };

    public Task<JobEnd> RunAsync(BlockedArgs args, JobRun run, CancellationToken cancellationToken) => seen.Once.TryAdd(0, true)
        ? throw new ProviderBlockedException("shop", TimeSpan.FromHours(1), "too many of us")
        : Task.FromResult(JobEnd.Done());
}

internal sealed record RatedArgs : IJobArgs
{
    public static string Kind => "rated";
}

internal sealed class RatedJob : IJob<RatedArgs>
{
    public static JobSpec Spec { get; } = new("rated");

    public Task<JobEnd> RunAsync(RatedArgs args, JobRun run, CancellationToken cancellationToken) => Task.FromResult(JobEnd.Done());
}

internal sealed record EffectArgs : IJobArgs
{
    public static string Kind => "effect";
}

/// <summary>Leaves a row in a table without a key: who ran twice has two.</summary>
internal sealed class EffectJob : IJob<EffectArgs>
{
    public static JobSpec Spec { get; } = new("work");

    public async Task<JobEnd> RunAsync(EffectArgs args, JobRun run, CancellationToken cancellationToken)
    {
        await run.OnceAsync("effect", work => work.ExecuteAsync("insert into effect (job_id) values (@JobId)", new { run.JobId }, cancellationToken), cancellationToken);
        return JobEnd.Done();
    }
}

internal sealed record StubbornArgs : IJobArgs
{
    public static string Kind => "stubborn";
}

/// <summary>Hears that it should stop, and goes on until it is released; then it tries to write.</summary>
internal sealed class StubbornJob(Sightings seen) : IJob<StubbornArgs>
{
    public static JobSpec Spec { get; } = new("work");

    public async Task<JobEnd> RunAsync(StubbornArgs args, JobRun run, CancellationToken cancellationToken)
    {
        await using var told = cancellationToken.Register(() => seen.Stopped.Add(run.JobId));
        await seen.Released.Task;
        try
        {
            await run.InTransactionAsync(work => work.ExecuteAsync("select 1", null, CancellationToken.None), CancellationToken.None);
        }
        catch (LeaseLostException)
        {
            seen.Refused.Add(run.JobId);
        }

        return JobEnd.Done();
    }
}
