namespace Harmony.Data.Downloads;

/// <summary>The public state of a download.</summary>
public static class DownloadState
{
    public const string Queued = "queued";
    public const string Downloading = "downloading";
    public const string Completed = "completed";
    public const string Failed = "failed";
    public const string DeadLetter = "dead_letter";
    public const string Cancelled = "cancelled";
}
