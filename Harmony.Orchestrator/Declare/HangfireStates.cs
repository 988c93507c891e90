namespace Harmony.Orchestrator;

/// <summary>The states of a job with Hangfire's names; the API and the ledger use the same names.</summary>
public static class HangfireStates
{
    public const string Enqueued = "Enqueued";
    public const string Processing = "Processing";
    public const string Scheduled = "Scheduled";
    public const string Succeeded = "Succeeded";
    public const string Failed = "Failed";
    public const string Deleted = "Deleted";
    public const string Awaiting = "Awaiting";

    /// <summary>In the order in which pages offer them.</summary>
    public static IReadOnlyList<string> All { get; } = [Enqueued, Processing, Scheduled, Failed, Succeeded, Deleted, Awaiting];

    /// <summary>The job may still run.</summary>
    public static bool IsLive(string? state) => state is Enqueued or Processing or Scheduled or Awaiting;

    /// <summary>The job has ended, even when an operator may requeue it.</summary>
    public static bool IsEnded(string? state) => state is Succeeded or Failed or Deleted;
}
