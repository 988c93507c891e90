namespace Harmony.Jobs.Downloads;

public sealed class DownloadOptions
{
    /// <summary>Where slskd's finished downloads are seen from here.</summary>
    public string DownloadsDir { get; init; } = "/downloads";

    public string MusicDir { get; init; } = "/music";

    public string MoveTemplate { get; init; } = "{Artist}/{Album}/{NN} - {Title}.{ext}";

    public bool EnableArtwork { get; init; }

    public bool EnableLyrics { get; init; }

    /// <summary>Answers of a search are used again until they are this old.</summary>
    public TimeSpan SearchTtl { get; init; } = TimeSpan.FromHours(1);

    /// <summary>So many runs may find nobody who has the track before it becomes a dead letter.</summary>
    public int NoCandidateAttempts { get; init; } = 6;

    /// <summary>So often the same peer is asked when a transfer gets lost without anybody's fault.</summary>
    public int RequestsPerCandidate { get; init; } = 3;

    public TransferLimits Limits { get; init; } = new();
}
