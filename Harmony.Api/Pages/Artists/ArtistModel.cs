using Harmony.Data.Artists;
using Harmony.Data.Downloads;
using Harmony.Data.Watchlist;
using Harmony.Orchestrator;

namespace Harmony.Api.Pages.Artists;

/// <summary>One artist; of one release, when the reader opened it, the tracks too.</summary>
/// <param name="Artist">Null when it only stands on a list so far.</param>
/// <param name="Older">The changes begin behind this one; null for the newest.</param>
/// <param name="More">There are changes before these.</param>
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
