namespace Harmony.Data.Watchlist;

/// <summary>The planned action of a tick for one artist.</summary>
public sealed record WatchPlan
{
    public required string ArtistKey { get; init; }

    public string? Name { get; init; }

    /// <summary>Would its missing tracks be downloaded? Not while it is paused, and not for the metadata list alone.</summary>
    public required bool Watched { get; init; }

    /// <summary>It is on the metadata list: its turn is a whole sync, not a short check.</summary>
    public required bool Synced { get; init; }

    public required int Priority { get; init; }

    public DateTimeOffset? LastTurn { get; init; }

    /// <summary>Null = it would be taken; else <c>paused</c>, <c>resting</c>, <c>looked_at_recently</c> or <c>later_this_round</c>.</summary>
    public string? Why { get; init; }

    public DateTimeOffset? Until { get; init; }

    /// <summary>The number of artists with the same result.</summary>
    public required long Alike { get; init; }
}
