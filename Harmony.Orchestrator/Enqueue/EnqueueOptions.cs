namespace Harmony.Orchestrator;

/// <summary>Due time, priority and requester of an enqueue; every part is optional.</summary>
public sealed record EnqueueOptions
{
    public int? Priority { get; init; }

    public DateTimeOffset? RunAt { get; init; }

    /// <summary>The requesting person, schedule or job. Outside of a transaction it is also the actor of the job's first history row.</summary>
    public string? RequestedBy { get; init; }

    public long? ParentJobId { get; init; }
}
