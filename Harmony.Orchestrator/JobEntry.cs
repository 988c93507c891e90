using System.ComponentModel;

namespace Harmony.Orchestrator;

/// <summary>
/// The one method that every job's row in Hangfire's storage names, so that renaming a class never breaks queued work.
/// Whoever carries the job sets <see cref="Current"/> first.
/// </summary>
public sealed class JobEntry(JobRunner runner)
{
    private static readonly AsyncLocal<JobTicket?> CurrentTicket = new();

    /// <summary>The ticket of the run on this call chain.</summary>
    public static JobTicket? Current
    {
        get => CurrentTicket.Value;
        set => CurrentTicket.Value = value;
    }

    [DisplayName("{0}")]
    public Task<JobOutcome?> Run(string kind, string argsJson, CancellationToken cancellationToken) =>
        Current is { } ticket && ticket.Kind == kind
            ? runner.RunAsync(ticket with { ArgsJson = argsJson }, new RunTokens(cancellationToken, CancellationToken.None))
            : throw new InvalidOperationException($"The job '{kind}' was not fetched by Harmony: only its own servers carry its jobs.");
}
