namespace Harmony.Orchestrator;

/// <summary>A job as shown in lists.</summary>
public sealed record JobLine
{
    public required long JobId { get; init; }

    public required string Kind { get; init; }

    /// <summary>The subject of the job, as text.</summary>
    public string? Title { get; init; }

    public string? Lane { get; init; }

    public string? State { get; init; }

    public string? Reason { get; init; }

    public string? ReasonCode { get; init; }

    public string? UniqueKey { get; init; }

    public required int Attempts { get; init; }

    public required int MaxRetries { get; init; }

    public string? LastError { get; init; }

    public long? ProgressDone { get; init; }

    public long? ProgressTotal { get; init; }

    public string? ProgressLine { get; init; }

    public string? RequestedBy { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? DueAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    public DateTimeOffset? DeadLetteredAt { get; init; }

    public long? DurationMs { get; init; }
}
