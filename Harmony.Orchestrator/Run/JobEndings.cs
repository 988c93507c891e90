namespace Harmony.Orchestrator;

/// <summary>The endings of a run in the words of <c>harmony.finish_many</c>; the log, metrics and traces use the same words.</summary>
internal static class JobEndings
{
    public const string Succeeded = "succeeded";
    public const string Snoozed = "snoozed";
    public const string Parked = "parked";
    public const string Discarded = "discarded";

    /// <summary>Failed, and another try follows.</summary>
    public const string Retry = "retry";

    /// <summary>Failed, and a dead letter.</summary>
    public const string Dead = "dead";

    /// <summary>The process stops: the job waits again at once.</summary>
    public const string Returned = "returned";
}
