namespace Harmony.Jobs.Artists;

public sealed class ArtistSyncOptions
{
    /// <summary>The handling of releases that the source no longer lists.</summary>
    public Unlisted Unlisted { get; init; }

    /// <summary>By how much a sync lowers the priority of an artist on the metadata list, so that others get their turn.</summary>
    public int PriorityDecay { get; init; }

    /// <summary>How often a check of a watched artist may fail for reasons of its own before the cooldown starts.</summary>
    public int RetryBudget { get; init; } = 6;

    /// <summary>The cooldown of a synced artist of the metadata list, and of a watched one that keeps failing.</summary>
    public TimeSpan Cooldown { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>The data of an artist are called stale after this time.</summary>
    public TimeSpan StaleAfter { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>After this many failed runs an admin's reconcile or resync is refused; 0: never.</summary>
    public int AdminRetryBudget { get; init; } = 6;
}

/// <summary>The handling of a release that its source no longer lists.</summary>
public enum Unlisted
{
    /// <summary>It stays; the result of the sync counts it.</summary>
    Reported,

    /// <summary>It is no longer shown, and is shown again when the source lists it again.</summary>
    Inactive,

    /// <summary>Its row is deleted; the audit keeps its data.</summary>
    Deleted,
}
