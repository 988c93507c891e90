using System.ComponentModel.DataAnnotations;

namespace Harmony.Jobs.Downloads;

public sealed class DownloadOptions
{
    /// <summary>Where slskd's finished downloads are seen from here.</summary>
    [Required]
    public string DownloadsDir { get; init; } = "/downloads";

    [Required]
    public string MusicDir { get; init; } = "/music";

    [Required]
    public string MoveTemplate { get; init; } = "{Artist}/{Album}/{NN} - {Title}.{ext}";

    public bool EnableArtwork { get; init; }

    public bool EnableLyrics { get; init; }

    /// <summary>Answers of a search are used again until they are this old.</summary>
    public TimeSpan SearchTtl { get; init; } = TimeSpan.FromHours(1);

    /// <summary>So many runs may find nobody who has the track before it becomes a dead letter.</summary>
    [Range(1, 100)]
    public int NoCandidateAttempts { get; init; } = 6;

    /// <summary>So often the same peer is asked when a transfer gets lost without anybody's fault.</summary>
    [Range(1, 10)]
    public int RequestsPerCandidate { get; init; } = 3;

    public TransferLimits Limits { get; init; } = new();
}
