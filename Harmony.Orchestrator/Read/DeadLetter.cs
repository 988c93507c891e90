namespace Harmony.Orchestrator;

/// <summary>A dead letter as lists show it.</summary>
public sealed record DeadLetter
{
    public required long JobId { get; init; }

    public required string Kind { get; init; }

    /// <summary>What it is about, in words of its subject.</summary>
    public string? Title { get; init; }

    public string? ReasonCode { get; init; }

    public string? LastError { get; init; }

    public required int Attempts { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset DeadLetteredAt { get; init; }
}

/// <summary>A dead letter with all that is needed to look into it elsewhere.</summary>
public sealed record DeadLetterInFull
{
    public required long JobId { get; init; }

    public required string Kind { get; init; }

    /// <summary>What it is about, in words of its subject.</summary>
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

/// <param name="Next">Where to go on; null at the end.</param>
/// <param name="Cut">Only a window was looked through: there may be more that match behind it.</param>
public sealed record DeadLettersFound(IReadOnlyList<DeadLetter> Items, DeadLetterCursor? Next, bool Cut);
