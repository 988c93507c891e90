namespace Harmony.Orchestrator;

/// <summary>Selects and orders dead letters; a part that is null does not restrict.</summary>
public sealed record DeadLetterFilter
{
    public string? Kind { get; init; }

    public string? ReasonCode { get; init; }

    /// <summary>Part of the reason code or of the last error, ignoring case.</summary>
    public string? ReasonLike { get; init; }

    /// <summary>Part of the last error, ignoring case.</summary>
    public string? Text { get; init; }

    public TimeSpan? OlderThan { get; init; }

    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? To { get; init; }

    /// <summary>In the order of their enqueue; otherwise in the order of their death.</summary>
    public bool ByCreation { get; init; }

    public bool OldestFirst { get; init; }

    /// <summary>The last dead letter the reader has.</summary>
    public DeadLetterCursor? After { get; init; }

    /// <summary>The number of rows to skip, for readers that use page numbers: skipped rows cost as much as read ones.</summary>
    public int Skip { get; init; }
}
