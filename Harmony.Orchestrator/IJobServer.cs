namespace Harmony.Orchestrator;

/// <summary>Carries jobs from the database to <see cref="JobEntry"/> and their outcomes back; it decides nothing about them.</summary>
public interface IJobServer
{
    /// <summary>Its row in Hangfire's server table.</summary>
    string Id { get; }

    /// <summary>Tells the database what this process can carry, and joins the fleet; before anything is enqueued or fetched.</summary>
    Task JoinAsync(CancellationToken ct);

    /// <summary>Works until told to stop, then gives running jobs their grace and returns the rest to the queue.</summary>
    Task RunAsync(CancellationToken stopping);
}
