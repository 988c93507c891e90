using Harmony.Data.Artists;
using Harmony.Data.Downloads;
using Harmony.Data.Watchlist;
using Harmony.Orchestrator;

namespace Harmony.Api.Pages.Artists;

/// <summary>One artist; of one release, when the reader opened it, the tracks too.</summary>
public sealed record ArtistModel(
    Artist Artist,
    IReadOnlyList<string> Aliases,
    IReadOnlyList<Release> Releases,
    OpenRelease? Opened,
    WatchedArtist? Watched,
    SyncedArtist? Synced,
    IReadOnlyList<ArtistAudit> Changes,
    IReadOnlyList<JobLine> Jobs,
    DateTimeOffset Now);

public sealed record OpenRelease(Release Release, IReadOnlyList<Track> Tracks, IReadOnlyDictionary<string, Download> Downloads);
