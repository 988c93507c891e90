namespace Harmony.Orchestrator;

/// <summary>The dead letters of one kind with one reason.</summary>
public sealed record DeadLetterGroup
{
    public required string Kind { get; init; }

    public required string ReasonCode { get; init; }

    public required long Jobs { get; init; }

    /// <summary>Those within the last 24 hours.</summary>
    public required long LastDay { get; init; }

    /// <summary>Those within the last five minutes.</summary>
    public required long Fresh { get; init; }

    public DateTimeOffset? Oldest { get; init; }

    public DateTimeOffset? Newest { get; init; }
}

/// <summary>The dead letters with one reason, of all kinds.</summary>
public sealed record DeadLetterReason(string ReasonCode, long Jobs, long LastDay, long Fresh, DateTimeOffset? Newest)
{
    /// <summary>The most frequent first.</summary>
    public static IReadOnlyList<DeadLetterReason> Of(IEnumerable<DeadLetterGroup> groups) =>
    [
        .. groups.GroupBy(g => g.ReasonCode, StringComparer.Ordinal)
            .Select(g => new DeadLetterReason(g.Key, g.Sum(k => k.Jobs), g.Sum(k => k.LastDay), g.Sum(k => k.Fresh), g.Max(k => k.Newest)))
            .OrderByDescending(r => r.Jobs)
            .ThenBy(r => r.ReasonCode, StringComparer.Ordinal),
    ];
}
