namespace Harmony.Data.Backfill;

/// <summary>A run that gives posted tracks their Spotify ids.</summary>
public sealed record BackfillRun
{
    public required string Id { get; init; }

    public required string State { get; init; }

    public required int Requested { get; init; }

    public required int Processed { get; init; }

    public required int Matched { get; init; }

    public required int CacheHits { get; init; }

    public required int CacheMisses { get; init; }

    public required int ExpandedPlaylists { get; init; }

    public required int ExpandedTracks { get; init; }

    public required bool ExpandPlaylists { get; init; }

    public required bool IncludeCachedResults { get; init; }

    public long? DurationMs { get; init; }

    public string? Error { get; init; }
}
