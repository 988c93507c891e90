namespace Harmony.Orchestrator;

/// <summary>The job of the request: a new one, or the live one with the same unique key.</summary>
public sealed record Enqueued
{
    public required long JobId { get; init; }

    public required bool AlreadyEnqueued { get; init; }

    /// <summary>Hangfire's name of its state.</summary>
    public string? State { get; init; }

    public int Priority { get; init; }

    public DateTimeOffset? DueAt { get; init; }
}
