namespace Harmony.Data.Watchlist;

/// <summary>An artist whose metadata is kept fresh, and nothing else.</summary>
public sealed record SyncedArtist
{
    public required string ArtistKey { get; init; }

    /// <summary>Null until it was synced for the first time, and where nobody asked for it.</summary>
    public string? Name { get; init; }

    public required int Priority { get; init; }

    public DateTimeOffset? LastEnqueuedAt { get; init; }

    public DateTimeOffset? LastSyncedAt { get; init; }

    public DateTimeOffset? CooldownUntil { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}
