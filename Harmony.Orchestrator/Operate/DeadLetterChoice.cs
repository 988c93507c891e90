namespace Harmony.Orchestrator;

/// <summary>Selects dead letters; a part that is null does not restrict.</summary>
public sealed record DeadLetterChoice
{
    public long[]? JobIds { get; init; }

    public string? Kind { get; init; }

    public string? ReasonCode { get; init; }

    public TimeSpan? OlderThan { get; init; }

    /// <summary>Part of the last error, ignoring case.</summary>
    public string? Text { get; init; }

    /// <summary>Only counts, and records the request.</summary>
    public bool DryRun { get; init; }
}

/// <summary>The number of selected dead letters, and the outcomes of those that were processed.</summary>
public sealed record DeadLettersMoved(long Matched, IReadOnlyList<JobOperated> Outcomes);
