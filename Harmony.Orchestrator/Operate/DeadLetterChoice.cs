namespace Harmony.Orchestrator;

/// <summary>Which dead letters; a part that is null does not matter.</summary>
public sealed record DeadLetterChoice
{
    public long[]? JobIds { get; init; }

    public string? Kind { get; init; }

    public string? ReasonCode { get; init; }

    public TimeSpan? OlderThan { get; init; }

    /// <summary>Part of the last error, whatever the case.</summary>
    public string? Text { get; init; }

    /// <summary>Only counts, and notes that it was asked.</summary>
    public bool DryRun { get; init; }
}

/// <summary>How many the choice meant, and what became of those that were taken.</summary>
public sealed record DeadLettersMoved(long Matched, IReadOnlyList<JobOperated> Outcomes);
