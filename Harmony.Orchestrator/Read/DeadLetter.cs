namespace Harmony.Orchestrator;

/// <summary>A dead letter as shown in lists.</summary>
public sealed record DeadLetter
{
    public required long JobId { get; init; }

    public required string Kind { get; init; }

    /// <summary>The subject of the job, as text.</summary>
    public string? Title { get; init; }

    public string? ReasonCode { get; init; }

    public string? LastError { get; init; }

    public required int Attempts { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset DeadLetteredAt { get; init; }
}

/// <summary>A dead letter with all data for an analysis outside Harmony.</summary>
public sealed record DeadLetterInFull
{
    public required long JobId { get; init; }

    public required string Kind { get; init; }

    /// <summary>The subject of the job, as text.</summary>
    public string? Title { get; init; }

    public string? ReasonCode { get; init; }

    public string? LastError { get; init; }

    public required int Attempts { get; init; }

    public string? UniqueKey { get; init; }

    public string? TraceId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset DeadLetteredAt { get; init; }

    public required string Args { get; init; }
}

/// <param name="Next">The cursor of the next page; null at the end.</param>
/// <param name="Cut">Only a window was searched: later rows may match, too.</param>
public sealed record DeadLettersFound(IReadOnlyList<DeadLetter> Items, DeadLetterCursor? Next, bool Cut);
