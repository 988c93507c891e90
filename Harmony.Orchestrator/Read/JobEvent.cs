namespace Harmony.Orchestrator;

/// <summary>One change of state in the history of a job.</summary>
public sealed record JobEvent
{
    public required long EventId { get; init; }

    public required DateTimeOffset At { get; init; }

    public string? FromState { get; init; }

    public required string ToState { get; init; }

    public string? Reason { get; init; }

    public string? Actor { get; init; }

    public string? Worker { get; init; }

    public long? DurationMs { get; init; }

    public string? Error { get; init; }
}
