namespace Harmony.Jobs.Providers.Lyrics;

public sealed class LyricsOptions
{
    public Uri LrclibBaseUrl { get; init; } = new("https://lrclib.net");

    public Uri LyricsOvhBaseUrl { get; init; } = new("https://api.lyrics.ovh");

    /// <summary>lyrics.ovh calls several sites in turn, five seconds each.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>0: one try per call; otherwise a second one at once when the connection broke.</summary>
    public int Retries { get; init; } = 1;
}
