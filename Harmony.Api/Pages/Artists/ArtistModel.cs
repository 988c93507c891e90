using Harmony.Data.Artists;
using Harmony.Data.Downloads;
using Harmony.Data.Watchlist;
using Harmony.Orchestrator;

namespace Harmony.Api.Pages.Artists;

/// <summary>One artist, and the tracks of one release if the reader opened it.</summary>
/// <param name="Artist">Null when the artist is only on a list so far.</param>
/// <param name="Older">The changes start after this one; null for the newest.</param>
/// <param name="More">There are older changes.</param>
public sealed record ArtistModel(
    string Key,
    Artist? Artist,
    IReadOnlyList<string> Aliases,
    IReadOnlyList<Release> Releases,
    OpenRelease? Opened,
    WatchedArtist? Watched,
    SyncedArtist? Synced,
    IReadOnlyList<ArtistAudit> Changes,
    long? Older,
    bool More,
    IReadOnlyList<JobLine> Jobs,
    DateTimeOffset Now);

public sealed record OpenRelease(Release Release, IReadOnlyList<Track> Tracks, IReadOnlyDictionary<string, Download> Downloads);
