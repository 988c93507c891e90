using Harmony.Orchestrator;

namespace Harmony.Tests.Pages;

/// <summary>Holds a job until the test lets it go on, and lets the test speak through it.</summary>
internal sealed class Valve
{
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<JobRun> _running = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>How an error begins that a retry may get over.</summary>
    public const string Passing = "for now: ";

    public string? Fail { get; set; }

    public void Open() => _open.TrySetResult();

    public async Task ReportAsync(long done, long total, string line) =>
        await (await _running.Task).ProgressAsync(done, total, line, CancellationToken.None);

    public Task WaitAsync(JobRun run, CancellationToken cancellationToken)
    {
        _running.TrySetResult(run);
        return _open.Task.WaitAsync(cancellationToken);
    }
}

internal sealed record ValveArgs(string ClientSecret, string? Note = null) : IJobArgs
{
    public static string Kind => "valve";
}

internal sealed class ValveJob(Valve valve) : IJob<ValveArgs>
{
    public static JobSpec Spec { get; } = new("operator") { MaxRetries = 2 };

    public async Task<JobEnd> RunAsync(ValveArgs args, JobRun run, CancellationToken cancellationToken)
    {
        if (valve.Fail?.StartsWith(Valve.Passing, StringComparison.Ordinal) == true)
            throw new InvalidOperationException(valve.Fail);
        if (valve.Fail is { } error)
            throw new PermanentJobException("failed", error);
        await valve.WaitAsync(run, cancellationToken);
        return JobEnd.Done();
    }
}
