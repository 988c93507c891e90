namespace Harmony.Orchestrator;

/// <summary>Which dead letters to list and in which order; a part that is null does not matter.</summary>
public sealed record DeadLetterFilter
{
    public string? Kind { get; init; }

    public string? ReasonCode { get; init; }

    /// <summary>Part of the reason code or of the last error, whatever the case.</summary>
    public string? ReasonLike { get; init; }

    /// <summary>Part of the last error, whatever the case.</summary>
    public string? Text { get; init; }

    public TimeSpan? OlderThan { get; init; }

    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? To { get; init; }

    /// <summary>In the order they were enqueued in; otherwise in the order they died in.</summary>
    public bool ByCreation { get; init; }

    public bool OldestFirst { get; init; }

    /// <summary>The last one the reader has.</summary>
    public DeadLetterCursor? After { get; init; }

    /// <summary>How many to leave out first, for readers who count pages: costs as much as reading them.</summary>
    public int Skip { get; init; }
}
