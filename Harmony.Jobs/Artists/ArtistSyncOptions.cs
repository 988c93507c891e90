namespace Harmony.Jobs.Artists;

public sealed class ArtistSyncOptions
{
    /// <summary>What becomes of releases the source no longer lists.</summary>
    public Unlisted Unlisted { get; init; }

    /// <summary>By how much a sync lowers the priority of an artist on the metadata list, so that others get their turn.</summary>
    public int PriorityDecay { get; init; }

    /// <summary>How often a look at a watched artist may fail for reasons of its own before the artist rests.</summary>
    public int RetryBudget { get; init; } = 6;

    /// <summary>How long a synced artist of the metadata list is left in peace, and a watched one that keeps failing.</summary>
    public TimeSpan Cooldown { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>What is known about an artist is called stale after this time.</summary>
    public TimeSpan StaleAfter { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>After this many failed runs an admin's reconcile or resync is refused; 0: never.</summary>
    public int AdminRetryBudget { get; init; } = 6;
}

/// <summary>What becomes of a release that its source no longer lists.</summary>
public enum Unlisted
{
    /// <summary>It stays; the result of the sync counts it.</summary>
    Reported,

    /// <summary>It is no longer shown, and comes back when it is listed again.</summary>
    Inactive,

    /// <summary>Its row goes; the audit keeps what it was.</summary>
    Deleted,
}
