using Harmony.Jobs.Artists;

namespace Harmony.Api.Configuration.Keys;

/// <summary>Keys of the library, the watchlist, the import and the retention.</summary>
internal static class MusicKeys
{
    public static readonly EnvKey<string> DownloadsDir = new("DOWNLOADS_DIR", EnvForms.Path, "/downloads", "Where finished downloads appear, as Harmony sees it.") { Sets = ["Download:DownloadsDir"] };

    public static readonly EnvKey<string?> SlskdDownloadsDir = new("SLSKD_DOWNLOADS_DIR", EnvForms.PathOrUnset, null, "Where slskd's download folder is for Harmony, when that is not DOWNLOADS_DIR.") { Sets = ["Download:DownloadsDir"] };

    public static readonly EnvKey<string> MusicDir = new("MUSIC_DIR", EnvForms.Path, "/music", "The library.") { Sets = ["Download:MusicDir"] };

    public static readonly EnvKey<string?> MoveTemplate = new("MOVE_TEMPLATE", EnvForms.Text, "{Artist}/{Album}/{NN} - {Title}.{ext}", "Where a track is shelved below MUSIC_DIR.") { Sets = ["Download:MoveTemplate"] };

    public static readonly EnvKey<int> MinFreeDiskMb = new("MIN_FREE_DISK_MB", EnvForms.Whole(0, 100_000_000), 1024, "Megabytes that stay free on the disks of DOWNLOADS_DIR and MUSIC_DIR: a download that would leave less waits. 0: free space is not checked.") { Sets = ["Download:MinFreeDiskMb"] };

    public static readonly EnvKey<TimeSpan> WatchlistInterval = new("WATCHLIST_INTERVAL", EnvForms.WholeSeconds(0, 31_536_000).InSeconds(), TimeSpan.FromDays(1), "Seconds between two checks of the same artist, at least; 0: at each look.") { Sets = ["Watchlist:Interval"] };

    public static readonly EnvKey<bool> WatchlistTimer = new("WATCHLIST_TIMER_ENABLED", EnvForms.Flag, true, "Check watched artists by themselves.");

    public static readonly EnvKey<TimeSpan> WatchlistTimerInterval = new("WATCHLIST_TIMER_INTERVAL_S", EnvForms.WholeSeconds(5, 86_400).InSeconds(), TimeSpan.FromMinutes(15), "Seconds between two looks at the watchlist.");

    public static readonly EnvKey<int> WatchlistPerTick = new("WATCHLIST_MAX_PER_TICK", EnvForms.Whole(1, 100), 20, "Artists taken at each look.") { Sets = ["Watchlist:MaxPerTick"] };

    public static readonly EnvKey<TimeSpan> WatchlistTickBudget = new("WATCHLIST_TICK_BUDGET_MS", EnvForms.Milliseconds(100, 60_000), TimeSpan.FromSeconds(8), "How long one look at the watchlist may take. What it had claimed until then is given back, and the look is tried again.") { Sets = ["Watchlist:TickBudget"] };

    public static readonly EnvKey<TimeSpan?> WatchlistCallTimeout = new("WATCHLIST_SPOTIFY_TIMEOUT_MS", EnvForms.Milliseconds(100, 60_000).OrUnset(), null, "How long one call to Spotify may take in an artist_refresh or artist_scan. Unset: as PROVIDER_SPOTIFY_TIMEOUT_MS.") { Sets = ["Watchlist:Patience:Timeout"] };

    public static readonly EnvKey<int?> WatchlistCallRetries = new("WATCHLIST_RETRY_MAX", EnvForms.Whole(0, 100).OrUnset(), null, "As EXTERNAL_RETRY_MAX, for the calls of an artist_refresh or artist_scan. Unset: as PROVIDER_SPOTIFY_RETRY_MAX. RETRY_ARTIST_REFRESH_* and RETRY_ARTIST_SCAN_* say how often the job itself is tried again.") { Sets = ["Watchlist:Patience:Retries"] };

    public static readonly EnvKey<TimeSpan> WatchlistCooldown = new("WATCHLIST_COOLDOWN_MINUTES", EnvForms.Minutes(0, 240), TimeSpan.FromMinutes(15), "How long an artist of the metadata list rests after a sync, and a watched one that keeps failing.") { Sets = ["ArtistSync:Cooldown"] };

    public static readonly EnvKey<int> WatchlistRetryBudget = new("WATCHLIST_RETRY_BUDGET_PER_ARTIST", EnvForms.Whole(1, 20), 6, "How often looking at a watched artist may fail for reasons of its own before it rests for WATCHLIST_COOLDOWN_MINUTES. Outages do not count.") { Sets = ["ArtistSync:RetryBudget"] };

    public static readonly EnvKey<int?> ArtistRetries = new("ARTIST_MAX_RETRY_PER_ARTIST", EnvForms.Whole(1, 20).OrUnset(), null, "The same; set, it wins over WATCHLIST_RETRY_BUDGET_PER_ARTIST.") { Sets = ["ArtistSync:RetryBudget"] };

    public static readonly EnvKey<TimeSpan?> ArtistCooldown = new("ARTIST_COOLDOWN_S", EnvForms.Whole(0, 14_400).InSeconds().OrUnset(), null, "The same in seconds; set, it wins over WATCHLIST_COOLDOWN_MINUTES.") { Sets = ["ArtistSync:Cooldown"] };

    public static readonly EnvKey<TimeSpan> ArtistStaleness = new("ARTIST_STALENESS_MAX_MIN", EnvForms.Minutes(1, 525_600), TimeSpan.FromMinutes(30), "Minutes after which /admin/artists warns that what it knows of an artist is old; nothing is refused for it.") { Sets = ["ArtistSync:StaleAfter"] };

    public static readonly EnvKey<int> ArtistRetryBudget = new("ARTIST_RETRY_BUDGET_MAX", EnvForms.Whole(0, 1000), 6, "Failed runs of an artist's waiting job after which /admin/artists refuses to reconcile or resync it; 0: never.") { Sets = ["ArtistSync:AdminRetryBudget"] };

    public static readonly EnvKey<bool> ArtistPrune = new("ARTIST_SYNC_PRUNE", EnvForms.Flag, false, "Mark releases the source no longer lists as gone; otherwise they are only reported.") { Sets = ["ArtistSync:Unlisted"], As = on => on ? Unlisted.Inactive : null };

    public static readonly EnvKey<bool> ArtistHardDelete = new("ARTIST_SYNC_HARD_DELETE", EnvForms.Flag, false, "Delete releases the source no longer lists, instead of marking them; the audit keeps what they were, downloads stay.") { Sets = ["ArtistSync:Unlisted"], As = on => on ? Unlisted.Deleted : null };

    public static readonly EnvKey<int> ArtistPriorityDecay = new("ARTIST_SYNC_PRIORITY_DECAY", EnvForms.Whole(0, 1000), 0, "By how much each sync that was not forced lowers the priority of an artist on the metadata list, down to 0.") { Sets = ["ArtistSync:PriorityDecay"] };

    public static readonly EnvKey<TimeSpan> WantedFirst = new("WANTED_SEARCH_FIRST_S", EnvForms.WholeSeconds(60, 604_800).InSeconds(), TimeSpan.FromHours(1), "Seconds until a track that no peer offers is searched again; each further wait is twice as long.") { Sets = ["Wanted:First"] };

    public static readonly EnvKey<TimeSpan> WantedLongestWhileNew = new("WANTED_SEARCH_NEW_MAX_S", EnvForms.WholeSeconds(60, 31_536_000).InSeconds(), TimeSpan.FromDays(1), "The longest such wait in the first WANTED_NEW_DAYS.") { Sets = ["Wanted:LongestWhileNew"] };

    public static readonly EnvKey<int> WantedNewDays = new("WANTED_NEW_DAYS", EnvForms.Whole(0, 3650), 30, "For how many days a wanted track counts as new.") { Sets = ["Wanted:NewFor"], As = days => TimeSpan.FromDays(days) };

    public static readonly EnvKey<TimeSpan> WantedLongest = new("WANTED_SEARCH_MAX_S", EnvForms.WholeSeconds(60, 31_536_000).InSeconds(), TimeSpan.FromDays(7), "The longest wait afterwards.") { Sets = ["Wanted:Longest"] };

    public static readonly EnvKey<bool> WantCancelledAgain = new("WANTED_CANCELLED_AGAIN", EnvForms.Flag, false, "A scan requests tracks again whose download an operator cancelled.") { Sets = ["Download:WantCancelledAgain"] };

    public static readonly EnvKey<int> FreeMaxTracks = new("FREE_MAX_TRACKS_PER_REQUEST", EnvForms.Whole(1, 100_000), 5000, "Tracks taken from one submission; the rest is skipped.") { Sets = ["Ingest:MaxTracksPerRequest"] };

    public static readonly EnvKey<int> FreeBatchSize = new("FREE_BATCH_SIZE", EnvForms.Whole(1, 10_000), 500, "Tracks in one batch of a submission, as its answer counts them; a submission is always taken in at once.") { Sets = ["Ingest:BatchSize"] };

    public static readonly EnvKey<int> IngestMaxPending = new("INGEST_MAX_PENDING_JOBS", EnvForms.Whole(1, 100_000), 100, "Submissions that may wait; more are refused with BACKPRESSURE.") { Sets = ["Ingest:MaxPendingJobs"] };

    public static readonly EnvKey<int> BackfillMaxItems = new("BACKFILL_MAX_ITEMS", EnvForms.Whole(1, 10_000), 2000, "Items one backfill looks at, at most.") { Sets = ["Backfill:MaxItems"] };

    public static readonly EnvKey<TimeSpan> BackfillCacheTtl = new("BACKFILL_CACHE_TTL_SEC", EnvForms.Whole(60, 31_536_000).InSeconds(), TimeSpan.FromDays(7), "How long a found Spotify id is remembered.") { Sets = ["Backfill:CacheTtl"] };

    public static readonly EnvKey<int> DlqPageSize = new("DLQ_PAGE_SIZE_DEFAULT", EnvForms.Whole(1, 500), 25, "Dead letters on a page, unless asked otherwise.");

    public static readonly EnvKey<int> DlqPageSizeMax = new("DLQ_PAGE_SIZE_MAX", EnvForms.Whole(1, 500), 100, "Most dead letters on a page.");

    public static readonly EnvKey<int> DlqRequeueLimit = new("DLQ_REQUEUE_LIMIT", EnvForms.Whole(1, 1000), 500, "Most dead letters one call may requeue.");

    public static readonly EnvKey<int> DlqPurgeLimit = new("DLQ_PURGE_LIMIT", EnvForms.Whole(1, 5000), 1000, "Most dead letters one call may purge.");

    public static IReadOnlyList<EnvKey> All { get; } =
    [
        DownloadsDir, SlskdDownloadsDir, MusicDir, MoveTemplate, MinFreeDiskMb,
        WatchlistInterval, WatchlistTimer, WatchlistTimerInterval, WatchlistPerTick, WatchlistTickBudget, WatchlistCallTimeout, WatchlistCallRetries, WatchlistCooldown, ArtistCooldown, WatchlistRetryBudget, ArtistRetries, ArtistStaleness, ArtistRetryBudget, ArtistPrune, ArtistHardDelete, ArtistPriorityDecay,
        WantedFirst, WantedLongestWhileNew, WantedNewDays, WantedLongest, WantCancelledAgain,
        FreeMaxTracks, FreeBatchSize, IngestMaxPending, BackfillMaxItems, BackfillCacheTtl,
        DlqPageSize, DlqPageSizeMax, DlqRequeueLimit, DlqPurgeLimit,
    ];
}
