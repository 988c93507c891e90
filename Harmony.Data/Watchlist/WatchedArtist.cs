namespace Harmony.Data.Watchlist;

/// <summary>An artist whose missing tracks are downloaded.</summary>
public sealed record WatchedArtist
{
    public required long Id { get; init; }

    public required string ArtistKey { get; init; }

    public string? Name { get; init; }

    public required int Priority { get; init; }

    /// <summary><c>none</c>, <c>all</c> or <c>since</c>: which earlier releases are wanted.</summary>
    public required string Backlog { get; init; }

    public DateOnly? Since { get; init; }

    public required bool Paused { get; init; }

    public string? PauseReason { get; init; }

    public DateTimeOffset? ResumeAt { get; init; }

    /// <summary>Too many checks failed: it is in cooldown until <see cref="ResumeAt"/>.</summary>
    public bool Resting { get; init; }

    /// <summary>The snapshot of the source at the last scan that a change caused.</summary>
    public string? LastHash { get; init; }

    /// <summary>Was the whole artist read within the last week?</summary>
    public bool ScannedLately { get; init; }

    public DateTimeOffset? LastEnqueuedAt { get; init; }

    public DateTimeOffset? LastChecked { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}
