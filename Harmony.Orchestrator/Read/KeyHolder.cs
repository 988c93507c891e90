namespace Harmony.Orchestrator;

/// <summary>A live job that holds a unique key.</summary>
public sealed record KeyHolder
{
    public required long JobId { get; init; }

    public required string Kind { get; init; }

    public required bool Running { get; init; }

    public required int Attempts { get; init; }

    /// <summary>For a running job: when another worker gets it if its own worker does not renew the lease.</summary>
    public DateTimeOffset? LeaseUntil { get; init; }
}
