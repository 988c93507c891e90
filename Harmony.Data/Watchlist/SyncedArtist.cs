namespace Harmony.Data.Watchlist;

/// <summary>An artist on the metadata list.</summary>
public sealed record SyncedArtist
{
    public required string ArtistKey { get; init; }

    /// <summary>Null before the first sync, and in queries that do not read it.</summary>
    public string? Name { get; init; }

    public required int Priority { get; init; }

    public DateTimeOffset? LastEnqueuedAt { get; init; }

    public DateTimeOffset? LastSyncedAt { get; init; }

    public DateTimeOffset? CooldownUntil { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}
