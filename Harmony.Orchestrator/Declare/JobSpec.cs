namespace Harmony.Orchestrator;

/// <summary>How long a job holds its unique key.</summary>
public enum UniqueUntil
{
    /// <summary>Until it has ended: no twin may wait or run at the same time.</summary>
    Finished,

    /// <summary>Until it starts: a new job may be queued while it runs.</summary>
    Started,
}

/// <summary>The declaration of a job kind; the database keeps a copy (<c>harmony.kind</c>).</summary>
public sealed record JobSpec(string Lane)
{
    /// <summary>Template over the args' wire names, for example <c>order:{order_id}</c>; null means not unique.</summary>
    public string? UniqueKey { get; init; }

    public UniqueUntil UniqueUntil { get; init; } = UniqueUntil.Finished;

    /// <summary>Providers the job calls: while the gate of one is closed, the job is not started.</summary>
    public IReadOnlyList<string> Providers { get; init; } = [];

    public int Priority { get; init; } = 50;

    public int MaxRetries { get; init; } = RetryPolicy.Default.MaxRetries;

    public TimeSpan RetryBase { get; init; } = RetryPolicy.Default.Base;

    public TimeSpan Timeout { get; init; } = RetryPolicy.Default.Timeout;

    /// <summary>May an operator start it by hand, over REST or on a page?</summary>
    public bool OperatorStartable { get; init; }
}
