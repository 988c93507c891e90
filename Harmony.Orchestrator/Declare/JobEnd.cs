namespace Harmony.Orchestrator;

/// <summary>The end of a run without an exception.</summary>
public abstract record JobEnd
{
    private JobEnd()
    {
    }

    /// <summary>Done. The result is kept as JSON with the job.</summary>
    public static JobEnd Done(object? result = null) => new Finished(result);

    /// <summary>Run again later. No attempt is spent and no worker is held.</summary>
    public static JobEnd Snooze(TimeSpan delay, string reason) => new Snoozed(delay, reason);

    /// <summary>Sleep until <c>harmony.wake(key)</c>, or until the deadline without a wake. A wake sent during the run is not lost.</summary>
    public static JobEnd Park(TimeSpan deadline, string wakeKey, string reason) => new Parked(deadline, wakeKey, reason);

    /// <summary>No longer needed: ends as Deleted with a reason code (<c>cancelled</c>, <c>discarded</c>, <c>superseded</c>).</summary>
    public static JobEnd Discard(string reasonCode, string reason) => new Discarded(reasonCode, reason);

    public sealed record Finished(object? Result) : JobEnd;

    public sealed record Snoozed(TimeSpan Delay, string Reason) : JobEnd;

    public sealed record Parked(TimeSpan Deadline, string WakeKey, string Reason) : JobEnd;

    public sealed record Discarded(string ReasonCode, string Reason) : JobEnd;
}
