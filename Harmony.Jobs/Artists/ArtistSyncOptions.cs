namespace Harmony.Jobs.Artists;

public sealed class ArtistSyncOptions
{
    /// <summary>Mark releases the source no longer lists as inactive; otherwise they are only reported.</summary>
    public bool Prune { get; init; }

    /// <summary>How long a synced artist of the metadata list is left in peace.</summary>
    public TimeSpan Cooldown { get; init; } = TimeSpan.FromMinutes(15);
}
