namespace Harmony.Orchestrator;

/// <summary>When, how urgently and for whom a job is enqueued; every part may be left out.</summary>
public sealed record EnqueueOptions
{
    public int? Priority { get; init; }

    public DateTimeOffset? RunAt { get; init; }

    /// <summary>The person, schedule or job that asked. Outside of a transaction it is also the actor of the job's first history row.</summary>
    public string? RequestedBy { get; init; }

    public long? ParentJobId { get; init; }
}
