namespace Harmony.Orchestrator;

/// <summary>All data of the ledger about one job.</summary>
public sealed record JobSheet
{
    public required long JobId { get; init; }

    public required string Kind { get; init; }

    /// <summary>The subject of the job, as text.</summary>
    public string? Title { get; init; }

    public string? Lane { get; init; }

    public string? Queue { get; init; }

    /// <summary>The queue it waits in, if no running server listens to that queue.</summary>
    public string? UnservedQueue { get; init; }

    public required string Args { get; init; }

    public string? UniqueKey { get; init; }

    public required int Priority { get; init; }

    public string? State { get; init; }

    public string? Reason { get; init; }

    public string? ReasonCode { get; init; }

    public required int Attempts { get; init; }

    public required int MaxRetries { get; init; }

    public string? WakeKey { get; init; }

    public DateTimeOffset? DueAt { get; init; }

    public string? FirstError { get; init; }

    public string? LastError { get; init; }

    public long? ProgressDone { get; init; }

    public long? ProgressTotal { get; init; }

    public string? ProgressLine { get; init; }

    public string? Result { get; init; }

    public string? RequestedBy { get; init; }

    public string? Schedule { get; init; }

    public long? ParentJobId { get; init; }

    public string? TraceId { get; init; }

    public string? Worker { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    public DateTimeOffset? DeadLetteredAt { get; init; }

    public long? DurationMs { get; init; }

    public required DateTimeOffset Now { get; init; }
}
