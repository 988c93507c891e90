using System.ComponentModel;

namespace Harmony.Orchestrator;

/// <summary>
/// The one method that every job's row in Hangfire's storage names, so that renaming a class never breaks queued work.
/// Whoever carries the job sets <see cref="Current"/> first.
/// </summary>
public sealed class JobEntry(JobRunner runner)
{
    private static readonly AsyncLocal<Fetched?> CurrentJob = new();

    /// <summary>The fetched job on this call chain.</summary>
    public static Fetched? Current
    {
        get => CurrentJob.Value;
        set => CurrentJob.Value = value;
    }

    [DisplayName("{0}")]
    public Task<JobOutcome?> Run(string kind, string argsJson, CancellationToken cancellationToken) =>
        Current is { } fetched && fetched.Ticket.Kind == kind
            ? runner.RunAsync(fetched.Ticket with { ArgsJson = argsJson }, new RunTokens(cancellationToken, fetched.LeaseLost))
            : throw new InvalidOperationException($"The job '{kind}' was not fetched by Harmony: only its own servers carry its jobs.");

    public sealed record Fetched(JobTicket Ticket, CancellationToken LeaseLost);
}
