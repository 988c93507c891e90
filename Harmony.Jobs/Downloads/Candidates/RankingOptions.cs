namespace Harmony.Jobs.Downloads.Candidates;

public sealed class RankingOptions
{
    /// <summary>Best first. A format that is not named is rejected.</summary>
    public IReadOnlyList<string> PreferredFormats { get; set; } = ["FLAC", "ALAC", "APE", "MP3"];

    public TimeSpan DurationTolerance { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>0 to 1: below it a file name does not match the wanted title.</summary>
    public double MinTitleSimilarity { get; init; } = 0.8;

    /// <summary>0 to 1: below it neither the folders nor the file match the wanted artist.</summary>
    public double MinArtistSimilarity { get; init; } = 0.8;

    /// <summary>Kilobits per second for lossy files that report their rate.</summary>
    public int MinBitRate { get; init; } = 128;
}
