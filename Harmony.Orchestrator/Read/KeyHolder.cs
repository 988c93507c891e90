namespace Harmony.Orchestrator;

/// <summary>A live job that holds a unique key.</summary>
public sealed record KeyHolder
{
    public required long JobId { get; init; }

    public required string Kind { get; init; }

    public required bool Running { get; init; }

    public required int Attempts { get; init; }

    /// <summary>Of one that runs: when it is given to another worker, should its own not be heard of again.</summary>
    public DateTimeOffset? LeaseUntil { get; init; }
}
