namespace Harmony.Data.Watchlist;

/// <summary>What a look at the lists would do with one artist.</summary>
public sealed record WatchPlan
{
    public required string ArtistKey { get; init; }

    public string? Name { get; init; }

    /// <summary>Would its missing tracks be downloaded? Not while it is paused, and not for its metadata alone.</summary>
    public required bool Watched { get; init; }

    /// <summary>It stands on the metadata list: its turn is a whole sync, not a short look.</summary>
    public required bool Synced { get; init; }

    public required int Priority { get; init; }

    public DateTimeOffset? LastTurn { get; init; }

    /// <summary>Null = it would be taken; else <c>paused</c>, <c>resting</c>, <c>looked_at_recently</c> or <c>later_this_round</c>.</summary>
    public string? Why { get; init; }

    public DateTimeOffset? Until { get; init; }

    /// <summary>How many artists stand as this one does.</summary>
    public required long Alike { get; init; }
}
