namespace Harmony.Data.Downloads;

/// <summary>The stages of a download, in order; a run continues from the stored one.</summary>
public static class DownloadStage
{
    public const string Wanted = "wanted";
    public const string Searching = "searching";
    public const string Chosen = "chosen";
    public const string Requested = "requested";
    public const string Transferring = "transferring";
    public const string Landed = "landed";
    public const string Verified = "verified";
    public const string Tagged = "tagged";
    public const string Shelved = "shelved";
    public const string Done = "done";
}
