namespace Harmony.Sandbox.Slskd;

internal static class TransferState
{
    public const string QueuedLocally = "Queued, Locally";
    public const string Requested = "Requested";
    public const string QueuedRemotely = "Queued, Remotely";
    public const string Initializing = "Initializing";
    public const string InProgress = "InProgress";
    public const string Succeeded = "Completed, Succeeded";
    public const string Cancelled = "Completed, Cancelled";
    public const string Rejected = "Completed, Rejected";
    public const string Aborted = "Completed, Aborted";
    public const string Errored = "Completed, Errored";
}
