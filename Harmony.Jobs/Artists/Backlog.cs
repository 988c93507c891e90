using Harmony.Data.Watchlist;

namespace Harmony.Jobs.Artists;

/// <summary>Which releases of a watched artist are wanted. Pure.</summary>
public static class Backlog
{
    public const string None = "none";
    public const string All = "all";
    public const string Since = "since";

    public static bool IsKnown(string backlog) => backlog is None or All or Since;

    public static bool Wants(WatchedArtist watched, DateOnly? releasedOn) => watched.Backlog switch
    {
        All => true,
        Since => releasedOn >= watched.Since,
        // Only releases from the day the artist was put on the list.
        _ => releasedOn >= DateOnly.FromDateTime(watched.CreatedAt.UtcDateTime),
    };
}
