using System.Diagnostics;
using Harmony.Data;
using Harmony.Orchestrator;

namespace Harmony.Tests.Faults;

/// <param name="BeforeMs">How long it works before it writes its effect.</param>
/// <param name="AfterMs">How long it works after that.</param>
/// <param name="Die">Kill the process right after the first commit.</param>
/// <param name="Stubborn">Do not listen to being stopped, and rely on the fence alone.</param>
internal sealed record EffectArgs(int BeforeMs = 0, int AfterMs = 0, bool Die = false, bool Stubborn = false) : IJobArgs
{
    public static string Kind => "effect";
}

/// <summary>Leaves a row in a table without a key: what is written twice is seen twice.</summary>
internal sealed class EffectJob : IJob<EffectArgs>
{
    public static JobSpec Spec { get; } = new("work");

    public async Task<JobEnd> RunAsync(EffectArgs args, JobRun run, CancellationToken cancellationToken)
    {
        await using var told = cancellationToken.Register(() => Console.WriteLine($"told {run.JobId}"));
        var heard = args.Stubborn ? CancellationToken.None : cancellationToken;
        await Task.Delay(args.BeforeMs, heard);
        try
        {
            if (args.Stubborn)
                await run.InTransactionAsync(work => work.ExecuteAsync(Insert, new { run.JobId, run.Fence }, heard), heard);
            else if (await run.OnceAsync("effect", work => work.ExecuteAsync(Insert, new { run.JobId, run.Fence }, heard), heard) && args.Die)
                Process.GetCurrentProcess().Kill();
        }
        catch (LeaseLostException)
        {
            Console.WriteLine($"refused {run.JobId}");
            throw;
        }

        await Task.Delay(args.AfterMs, heard);
        return JobEnd.Done();
    }

    private const string Insert = "insert into public.effect (job_id, fence) values (@JobId, @Fence)";
}

internal sealed record PoisonArgs : IJobArgs
{
    public static string Kind => "poison";
}

/// <summary>Takes its process with it, every time.</summary>
internal sealed class PoisonJob : IJob<PoisonArgs>
{
    public static JobSpec Spec { get; } = new("other");

    public Task<JobEnd> RunAsync(PoisonArgs args, JobRun run, CancellationToken cancellationToken)
    {
        Process.GetCurrentProcess().Kill();
        return Task.FromResult(JobEnd.Done());
    }
}

internal sealed record TickArgs : IJobArgs
{
    public static string Kind => "tick";
}

internal sealed class TickJob : IJob<TickArgs>
{
    public static JobSpec Spec { get; } = new("other");

    public Task<JobEnd> RunAsync(TickArgs args, JobRun run, CancellationToken cancellationToken) => Task.FromResult(JobEnd.Done());
}
