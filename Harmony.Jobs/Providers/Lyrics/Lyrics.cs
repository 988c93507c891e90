namespace Harmony.Jobs.Providers.Lyrics;

public sealed record Lyrics(string? Synced, string? Plain, bool Instrumental, string Source);

public sealed record LyricsQuery(string Artist, string Title, string? Album, TimeSpan? Duration);
