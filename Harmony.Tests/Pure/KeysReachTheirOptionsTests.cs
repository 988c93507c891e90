using System.Globalization;
using Harmony.Api.Configuration;
using Harmony.Api.Configuration.Keys;
using Harmony.Api.Hosting;
using Harmony.Api.Http.Caching;
using Harmony.Jobs.Artists;
using Harmony.Jobs.Artists.Watch;
using Harmony.Jobs.Backfill;
using Harmony.Jobs.Downloads;
using Harmony.Jobs.Downloads.Candidates;
using Harmony.Jobs.Downloads.Search;
using Harmony.Jobs.Ingest;
using Harmony.Jobs.Providers;
using Harmony.Orchestrator;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Serilog.Events;

namespace Harmony.Tests.Pure;

/// <summary>Each key of the table changes what the code is given. A key that is neither here nor proved by a test named here fails.</summary>
[TestClass]
public sealed class KeysReachTheirOptionsTests
{
    private static readonly Row[] Rows =
    [
        new("HOST", "::1", "::1", b => Addresses.Bind(b.Settings)),
        new("HARMONY_LOG_LEVEL", "error", "Error", b => b.LowestLevel()),
        new("SHUTDOWN_GRACE_S", "7", "7", b => b.Engine.ShutdownGraceSeconds),
        new("HARMONY_CONTACT", "ann@example.org", "ann@example.org", b => b.Providers.Contact),
        new("CACHEABLE_PATHS", "/lanes|7|9", "00:00:07 00:00:09", b => b.CacheTimes("/api/v1/lanes")),
        new("CACHE_DEFAULT_TTL_S", "5", "00:00:05 00:01:00", b => b.CacheTimes("/api/v1/artists/spotify:a")),
        new("CACHE_STALE_WHILE_REVALIDATE_S", "6", "00:00:30 00:00:06", b => b.CacheTimes("/api/v1/artists/spotify:a")),
        new("CACHE_MAX_ITEMS", "3", "3", b => b.Cache.MaxItems),
        new("ORCH_GLOBAL_CONCURRENCY", "5", "5", b => b.Engine.GlobalConcurrency),
        new("ORCH_VISIBILITY_TIMEOUT_S", "30", "30", b => b.Engine.LeaseSeconds),
        new("ORCH_POLL_INTERVAL_MS", "50", "50", b => b.Engine.PollMs),
        new("ORCH_POLL_INTERVAL_MAX_MS", "900", "900", b => b.Engine.PollMaxMs),
        new("RETRY_MAX_ATTEMPTS", "4", "4", b => b.Engine.RetryDefaults?.MaxRetries),
        new("RETRY_BASE_SECONDS", "1.5", "00:00:01.5000000", b => b.Engine.RetryDefaults?.Base),
        new("RETRY_JITTER_PCT", "30", "0.3", b => b.Engine.RetryDefaults?.Jitter),
        new("RETRY_TIMEOUT_SECONDS", "90", "00:01:30", b => b.Engine.RetryDefaults?.Timeout),
        new("AUDIT_RETENTION_DAYS", "30", "30", b => b.Engine.AuditRetentionDays),
        new("DLQ_RETENTION_DAYS", "14", "14", b => b.Engine.DeadLetterRetentionDays),
        new("HANGFIRE_QUEUES", "mail,reports", "mail reports", b => string.Join(' ', b.Engine.HangfireQueues)),
        new("HANGFIRE_WORKERS", "5", "5", b => b.Engine.HangfireWorkers),
        new("SPOTIFY_CLIENT_ID", "mine", "mine", b => b.Providers.Spotify.ClientId),
        new("SPOTIFY_CLIENT_SECRET", "s3cret-s3cret", "s3cret-s3cret", b => b.Providers.Spotify.ClientSecret),
        new("SPOTIFY_REFRESH_TOKEN", "t0ken-t0ken", "t0ken-t0ken", b => b.Providers.Spotify.RefreshToken),
        new("SPOTIFY_API_BASE_URL", "http://a.example/v1", "http://a.example/v1", b => b.Providers.Spotify.ApiBaseUrl),
        new("SPOTIFY_ACCOUNTS_BASE_URL", "http://b.example/", "http://b.example/", b => b.Providers.Spotify.AccountsBaseUrl),
        new("INTEGRATIONS_ENABLED", "SLSKD", "spotify", b => string.Join(' ', b.Providers.Disabled)),
        new("PROVIDER_MAX_CONCURRENCY", "2", "2", b => b.Providers.MaxConcurrency),
        new("EXTERNAL_TIMEOUT_MS", "3000", "00:00:03 00:00:03 00:00:03 00:00:03", b => string.Join(' ', b.Timeouts())),
        new("EXTERNAL_RETRY_MAX", "0", "0 0 0 0", b => string.Join(' ', b.Retries())),
        new("PROVIDER_SPOTIFY_RETRY_MAX", "0", "0 1 1 1", b => string.Join(' ', b.Retries())),
        new("PROVIDER_SLSKD_RETRY_MAX", "0", "1 0 1 1", b => string.Join(' ', b.Retries())),
        new("PROVIDER_SPOTIFY_TIMEOUT_MS", "2500", "00:00:02.5000000", b => b.Providers.Spotify.Timeout),
        new("SLSKD_BASE_URL", "https://slskd.example/", "https://slskd.example/", b => b.Providers.Slskd.BaseUrl),
        new("SLSKD_HOST", "slskd", "http://slskd:5030/", b => b.Providers.Slskd.BaseUrl),
        new("SLSKD_PORT", "5031", "http://127.0.0.1:5031/", b => b.Providers.Slskd.BaseUrl),
        new("SLSKD_API_KEY", "key-of-slskd", "key-of-slskd", b => b.Providers.Slskd.ApiKey),
        new("PROVIDER_SLSKD_TIMEOUT_MS", "3500", "00:00:03.5000000", b => b.Providers.Slskd.Timeout),
        new("WATCHLIST_SLSKD_SEARCH_TIMEOUT_MS", "4500", "00:00:04.5000000", b => b.Providers.Slskd.SearchTimeout),
        new("SLSKD_SEARCH_BUDGET", "10/100", "10 in 00:01:40", b => b.SearchRate()),
        new("SLSKD_PREFERRED_FORMATS", "mp3,flac,MP3", "MP3 FLAC", b => string.Join(' ', b.Get<RankingOptions>().PreferredFormats)),
        new("LRCLIB_BASE_URL", "http://c.example/", "http://c.example/", b => b.Providers.Lyrics.LrclibBaseUrl),
        new("LYRICS_OVH_BASE_URL", "http://d.example/", "http://d.example/", b => b.Providers.Lyrics.LyricsOvhBaseUrl),
        new("ENABLE_ARTWORK", "yes", "True", b => b.Get<DownloadOptions>().EnableArtwork),
        new("ENABLE_LYRICS", "on", "True", b => b.Get<DownloadOptions>().EnableLyrics),
        new("ARTWORK_HTTP_TIMEOUT", "2.5", "00:00:02.5000000", b => b.Providers.Artwork.Timeout),
        new("ARTWORK_MAX_BYTES", "4096", "4096", b => b.Providers.Artwork.MaxBytes),
        new("ARTWORK_ALLOWED_HOSTS", "*.example.org", "*.example.org", b => string.Join(' ', b.Providers.Artwork.AllowedHosts)),
        new("ARTWORK_ALLOW_PRIVATE", "127.0.0.1:9", "127.0.0.1:9", b => string.Join(' ', b.Providers.Artwork.AllowPrivate)),
        new("DOWNLOADS_DIR", "/in", "/in", b => b.Get<DownloadOptions>().DownloadsDir),
        new("SLSKD_DOWNLOADS_DIR", "/theirs", "/theirs", b => b.Get<DownloadOptions>().DownloadsDir),
        new("MUSIC_DIR", "/shelf", "/shelf", b => b.Get<DownloadOptions>().MusicDir),
        new("MIN_FREE_DISK_MB", "7", "7", b => b.Get<DownloadOptions>().MinFreeDiskMb),
        new("MOVE_TEMPLATE", "{Artist}/{Title}.{ext}", "{Artist}/{Title}.{ext}", b => b.Get<DownloadOptions>().MoveTemplate),
        new("WANTED_SEARCH_FIRST_S", "120", "00:02:00", b => b.Get<WantedOptions>().First),
        new("WANTED_SEARCH_NEW_MAX_S", "7200", "02:00:00", b => b.Get<WantedOptions>().LongestWhileNew),
        new("WANTED_NEW_DAYS", "3", "3.00:00:00", b => b.Get<WantedOptions>().NewFor),
        new("WANTED_SEARCH_MAX_S", "86400", "1.00:00:00", b => b.Get<WantedOptions>().Longest),
        new("WANTED_CANCELLED_AGAIN", "yes", "True", b => b.Get<DownloadOptions>().WantCancelledAgain),
        new("WATCHLIST_INTERVAL", "3600", "01:00:00", b => b.Get<WatchlistOptions>().Interval),
        new("WATCHLIST_TIMER_ENABLED", "off", "", b => b.Every("watchlist_tick")),
        new("WATCHLIST_TIMER_INTERVAL_S", "120", "00:02:00", b => b.Every("watchlist_tick")),
        new("WATCHLIST_MAX_PER_TICK", "3", "3", b => b.Get<WatchlistOptions>().MaxPerTick),
        new("WATCHLIST_TICK_BUDGET_MS", "900", "00:00:00.9000000", b => b.Get<WatchlistOptions>().TickBudget),
        new("WATCHLIST_SPOTIFY_TIMEOUT_MS", "700", "00:00:00.7000000", b => b.Get<WatchlistOptions>().Patience?.Timeout),
        new("WATCHLIST_RETRY_MAX", "0", "0", b => b.Get<WatchlistOptions>().Patience?.Retries),
        new("WATCHLIST_COOLDOWN_MINUTES", "2", "00:02:00", b => b.Get<ArtistSyncOptions>().Cooldown),
        new("ARTIST_COOLDOWN_S", "90", "00:01:30", b => b.Get<ArtistSyncOptions>().Cooldown),
        new("ARTIST_STALENESS_MAX_MIN", "45", "00:45:00", b => b.Get<ArtistSyncOptions>().StaleAfter),
        new("ARTIST_RETRY_BUDGET_MAX", "3", "3", b => b.Get<ArtistSyncOptions>().AdminRetryBudget),
        new("ARTIST_SYNC_PRUNE", "true", "Inactive", b => b.Get<ArtistSyncOptions>().Unlisted),
        new("WATCHLIST_RETRY_BUDGET_PER_ARTIST", "7", "7", b => b.Get<ArtistSyncOptions>().RetryBudget),
        new("ARTIST_MAX_RETRY_PER_ARTIST", "8", "8", b => b.Get<ArtistSyncOptions>().RetryBudget),
        new("ARTIST_SYNC_HARD_DELETE", "true", "Deleted", b => b.Get<ArtistSyncOptions>().Unlisted),
        new("ARTIST_SYNC_PRIORITY_DECAY", "7", "7", b => b.Get<ArtistSyncOptions>().PriorityDecay),
        new("FREE_MAX_TRACKS_PER_REQUEST", "9", "9", b => b.Get<IngestOptions>().MaxTracksPerRequest),
        new("FREE_BATCH_SIZE", "8", "8", b => b.Get<IngestOptions>().BatchSize),
        new("INGEST_MAX_PENDING_JOBS", "6", "6", b => b.Get<IngestOptions>().MaxPendingJobs),
        new("BACKFILL_MAX_ITEMS", "11", "11", b => b.Get<BackfillOptions>().MaxItems),
        new("BACKFILL_CACHE_TTL_SEC", "3600", "01:00:00", b => b.Get<BackfillOptions>().CacheTtl),
        new("POSTGRES_HOST", "db", "db", b => b.Database.Host),
        new("POSTGRES_PORT", "6432", "6432", b => b.Database.Port),
        new("POSTGRES_DB", "music", "music", b => b.Database.Database),
        new("POSTGRES_USER", "ann", "ann", b => b.Database.Username),
        new("POSTGRES_PASSWORD", "s3cret-s3cret", "s3cret-s3cret", b => b.Database.Password),
        new("DATABASE_URL", "postgres://ann@db/music", "db", b => b.Database.Host),
        new("DATABASE_SSLMODE", "require", "Require", b => b.Database.SslMode),
        new("DATABASE_POOL_MAX", "9", "9", b => b.Database.MaxPoolSize),
    ];

    // Not an option of a room: the class proves the effect on a running host, or on what decides about it.
    private static readonly (string Class, string[] Keys)[] Elsewhere =
    [
        ("StartExitCodesTests", ["PORT", "HARMONY_ENV_FILE", "HARMONY_KEYS_DIR"]),
        ("KeysOverHttpTests",
        [
            "API_BASE_PATH", "HEALTH_DEPS", "HEALTH_READY_REQUIRE_DB", "HEALTH_DB_TIMEOUT_MS", "HEALTH_DEP_TIMEOUT_MS", "DLQ_PAGE_SIZE_DEFAULT", "DLQ_PAGE_SIZE_MAX",
            "DLQ_PURGE_LIMIT", "FEATURE_RUN_MIGRATIONS", "HARMONY_HANGFIRE_SCHEMA", "WAIT_FOR_POSTGRES", "POSTGRES_WAIT_ATTEMPTS", "POSTGRES_WAIT_INTERVAL",
        ]),
        ("MetricsTests", ["METRICS_PORT", "HARMONY_ROLES"]),
        ("AccessTests", ["HARMONY_PROFILE", "HARMONY_API_KEY", "HARMONY_API_KEYS"]),
        ("AccessOverHttpTests",
            ["FEATURE_REQUIRE_AUTH", "AUTH_ALLOWLIST", "AUTH_PROTECT_DOCS", "TRUSTED_PROXIES", "ALLOWED_HOSTS", "HANGFIRE_DASHBOARD_USER", "HANGFIRE_DASHBOARD_PASSWORD"]),
        ("OriginsTests", ["ALLOWED_ORIGINS"]),
        ("ResponseCachingTests", ["CACHE_FAIL_OPEN", "CACHE_STRATEGY_ETAG", "CACHE_LOG_EVICTIONS"]),
        ("KeptAnswersTests", ["CACHE_ENABLED", "CACHE_WRITE_THROUGH", "ARTIST_CACHE_INVALIDATE"]),
        ("SignInTests", ["HARMONY_UI_USERS", "UI_SESSION_TTL_MINUTES"]),
        ("EnvelopeTests", ["ERRORS_DEBUG_DETAILS", "FEATURE_RATE_LIMITING", "RATE_LIMIT_BUCKET_CAP", "RATE_LIMIT_REFILL_PER_SEC"]),
        ("DlqTests", ["DLQ_REQUEUE_LIMIT"]),
        ("ArtistsOverHttpTests", ["FEATURE_ADMIN_API"]),
        ("RetryReloadTests", ["RETRY_POLICY_RELOAD_S"]),
        ("TraceTests", ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_SERVICE_NAME"]),
    ];

    public static IEnumerable<object[]> Names => Rows.Select(r => new object[] { r.Name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void A_key_sets_its_option(string name)
    {
        var row = Rows.Single(r => r.Name == name);
        using var given = new Built(new() { [row.Name] = row.Value });
        using var silent = new Built([]);

        Assert.IsEmpty(given.Settings.Problems);
        Assert.AreEqual(row.Expected, Text(row.Probe(given)));
        Assert.AreNotEqual(row.Expected, Text(row.Probe(silent)), "a default proves nothing");
    }

    [TestMethod]
    public void Every_alias_sets_its_key()
    {
        foreach (var key in EnvTable.Keys.Where(k => k.Aliases.Count > 0))
        {
            var value = Rows.SingleOrDefault(r => r.Name == key.Name)?.Value ?? "81";
            foreach (var alias in key.Aliases)
                Assert.IsTrue(Read(new() { [alias] = value }).Has(key), alias);
        }
    }

    [TestMethod]
    public void The_documented_key_wins_over_its_rival()
    {
        using var built = new Built(new()
        {
            ["WATCHLIST_RETRY_BUDGET_PER_ARTIST"] = "6",
            ["ARTIST_MAX_RETRY_PER_ARTIST"] = "3",
            ["WATCHLIST_COOLDOWN_MINUTES"] = "15",
            ["ARTIST_COOLDOWN_S"] = "90",
        });

        Assert.AreEqual(3, built.Get<ArtistSyncOptions>().RetryBudget);
        Assert.AreEqual(TimeSpan.FromSeconds(90), built.Get<ArtistSyncOptions>().Cooldown);
    }

    [TestMethod]
    public void Every_key_has_a_test_of_its_effect()
    {
        var proved = Rows.Select(r => r.Name).Concat(Elsewhere.SelectMany(e => e.Keys)).ToList();

        CollectionAssert.AreEquivalent(EnvTable.Keys.Select(k => k.Name).ToList(), proved);
    }

    [TestMethod]
    public void The_listed_tests_exist_and_name_their_keys()
    {
        foreach (var (name, keys) in Elsewhere)
        {
            Assert.IsTrue(GetType().Assembly.GetTypes().Any(t => t.Name == name && t.IsDefined(typeof(TestClassAttribute), false)), name);
            var file = Directory.EnumerateFiles(Path.Combine(Clone.Root, "Harmony.Tests"), $"{name}.cs", SearchOption.AllDirectories).Single();
            var text = File.ReadAllText(file);
            foreach (var key in keys)
                Assert.Contains($"\"{key}\"", text, StringComparison.Ordinal, $"{key} is not in {name}");
        }
    }

    private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    private static Settings Read(Dictionary<string, string> environment) => Settings.From(environment, new Dictionary<string, string>(), HarmonySetup.Names);

    private sealed record Row(string Name, string Value, string Expected, Func<Built, object?> Probe);

    /// <summary>What an environment makes of the rooms' options.</summary>
    private sealed class Built : IDisposable
    {
        private readonly ServiceProvider _services;

        public Built(Dictionary<string, string> environment)
        {
            Settings = Read(environment);
            var services = new ServiceCollection();
            services.AddRoomOptions(Settings);
            _services = services.BuildServiceProvider();
        }

        public Settings Settings { get; }

        public OrchestratorOptions Engine => Get<OrchestratorOptions>();

        public ProviderOptions Providers => RoomOptions.Providers(Settings);

        public ResponseCacheOptions Cache => new(Settings);

        public NpgsqlConnectionStringBuilder Database => new(DatabaseAddress.Of(Settings));

        public T Get<T>()
            where T : notnull => _services.GetRequiredService<T>();

        public TimeSpan? Every(string schedule) => Engine.Schedules.SingleOrDefault(s => s.Name == schedule)?.Every;

        public string CacheTimes(string path) => Cache.For(path) is { } times ? $"{times.Ttl} {times.Stale}" : "";

        public IEnumerable<TimeSpan> Timeouts() => [Providers.Spotify.Timeout, Providers.Slskd.Timeout, Providers.Lyrics.Timeout, Providers.Artwork.Timeout];

        public IEnumerable<int> Retries() => [Providers.Spotify.Retries, Providers.Slskd.Retries, Providers.Lyrics.Retries, Providers.Artwork.Retries];

        public string SearchRate()
        {
            var rate = RoomOptions.LanesOf(Settings.Get(ProviderKeys.SlskdSearchBudget)).Single(l => l.Name == "search").Rate!;
            return string.Create(CultureInfo.InvariantCulture, $"{rate.Permits} in {rate.Window}");
        }

        public LogEventLevel LowestLevel()
        {
            using var logger = Logging.LoggerFor(Settings);
            return Enum.GetValues<LogEventLevel>().Order().First(logger.IsEnabled);
        }

        public void Dispose() => _services.Dispose();
    }
}
