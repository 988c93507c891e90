namespace Harmony.Data.Watchlist;

/// <summary>An artist whose missing tracks are downloaded.</summary>
public sealed record WatchedArtist
{
    public required long Id { get; init; }

    public required string ArtistKey { get; init; }

    public string? Name { get; init; }

    public required int Priority { get; init; }

    /// <summary><c>none</c>, <c>all</c> or <c>since</c>: how much of what came out earlier is wanted.</summary>
    public required string Backlog { get; init; }

    public DateOnly? Since { get; init; }

    public required bool Paused { get; init; }

    public string? PauseReason { get; init; }

    public DateTimeOffset? ResumeAt { get; init; }

    /// <summary>Looks at it failed too often; it is left alone until <see cref="ResumeAt"/>.</summary>
    public bool Resting { get; init; }

    /// <summary>What the source showed at the last scan that was for a change.</summary>
    public string? LastHash { get; init; }

    /// <summary>Was everything of it read within the last week?</summary>
    public bool ScannedLately { get; init; }

    public DateTimeOffset? LastEnqueuedAt { get; init; }

    public DateTimeOffset? LastChecked { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}
