namespace Harmony.Jobs.Downloads;

public sealed class DownloadOptions
{
    /// <summary>The path of slskd's finished downloads on this machine.</summary>
    public string DownloadsDir { get; init; } = "/downloads";

    public string MusicDir { get; init; } = "/music";

    public string MoveTemplate { get; init; } = "{Artist}/{Album}/{NN} - {Title}.{ext}";

    /// <summary>The megabytes that stay free on the disks of both folders; 0: free space is not checked.</summary>
    public int MinFreeDiskMb { get; init; } = 1024;

    public bool EnableArtwork { get; init; }

    public bool EnableLyrics { get; init; }

    /// <summary>Answers of a search are used again up to this age.</summary>
    public TimeSpan SearchTtl { get; init; } = TimeSpan.FromHours(1);

    /// <summary>A scan requests tracks again whose download an operator cancelled.</summary>
    public bool WantCancelledAgain { get; init; }

    /// <summary>How often the same peer is asked when a transfer is lost without a refusal.</summary>
    public int RequestsPerCandidate { get; init; } = 3;

    public TransferLimits Limits { get; init; } = new();
}
