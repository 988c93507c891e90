using Harmony.Api.Configuration;
using Harmony.Api.Configuration.Keys;
using Harmony.Jobs;
using Harmony.Jobs.Artists;
using Harmony.Jobs.Artists.Watch;
using Harmony.Jobs.Backfill;
using Harmony.Jobs.Downloads;
using Harmony.Jobs.Downloads.Candidates;
using Harmony.Jobs.Ingest;
using Harmony.Jobs.Providers;
using Harmony.Jobs.Providers.Artwork;
using Harmony.Jobs.Providers.Lyrics;
using Harmony.Jobs.Providers.Slskd;
using Harmony.Jobs.Providers.Spotify;
using Harmony.Jobs.Upkeep;
using Harmony.Orchestrator;
using Harmony.Orchestrator.Schedules;

namespace Harmony.Api.Hosting;

/// <summary>What the environment means to each room.</summary>
internal static class RoomOptions
{
    public static void AddRoomOptions(this IServiceCollection services, Settings s)
    {
        services.AddSingleton(Engine(s));
        services.AddSingleton(new ArtistSyncOptions
        {
            Unlisted = s.Get(MusicKeys.ArtistHardDelete) ? Unlisted.Deleted : s.Get(MusicKeys.ArtistPrune) ? Unlisted.Inactive : Unlisted.Reported,
            RetryBudget = s.Get(MusicKeys.ArtistRetries) ?? s.Get(MusicKeys.WatchlistRetryBudget),
            PriorityDecay = s.Get(MusicKeys.ArtistPriorityDecay),
            Cooldown = s.Get(MusicKeys.ArtistCooldown) is { } seconds ? TimeSpan.FromSeconds(seconds) : TimeSpan.FromMinutes(s.Get(MusicKeys.WatchlistCooldown)),
            StaleAfter = TimeSpan.FromMinutes(s.Get(MusicKeys.ArtistStaleness)),
            AdminRetryBudget = s.Get(MusicKeys.ArtistRetryBudget),
        });
        services.AddSingleton(new WatchlistOptions
        {
            MaxPerTick = s.Get(MusicKeys.WatchlistPerTick),
            Interval = TimeSpan.FromSeconds(s.Get(MusicKeys.WatchlistInterval)),
            TickBudget = Millis(s.Get(MusicKeys.WatchlistTickBudget)),
            Patience = new(Millis(s.Get(MusicKeys.WatchlistCallTimeout)), s.Get(MusicKeys.WatchlistCallRetries)),
        });
        services.AddSingleton(new DownloadOptions
        {
            DownloadsDir = Path.GetFullPath(s.Get(MusicKeys.SlskdDownloadsDir) ?? s.Get(MusicKeys.DownloadsDir)),
            MusicDir = Path.GetFullPath(s.Get(MusicKeys.MusicDir)),
            MoveTemplate = s.Get(MusicKeys.MoveTemplate)!,
            EnableArtwork = s.Get(ProviderKeys.EnableArtwork),
            EnableLyrics = s.Get(ProviderKeys.EnableLyrics),
        });
        services.AddSingleton(new IngestOptions
        {
            MaxTracksPerRequest = s.Get(MusicKeys.FreeMaxTracks),
            BatchSize = s.Get(MusicKeys.FreeBatchSize),
            MaxPendingJobs = s.Get(MusicKeys.IngestMaxPending),
        });
        services.AddSingleton(new BackfillOptions
        {
            MaxItems = s.Get(MusicKeys.BackfillMaxItems),
            CacheTtl = TimeSpan.FromSeconds(s.Get(MusicKeys.BackfillCacheTtl)),
        });
        services.AddSingleton(new RankingOptions { PreferredFormats = s.Get(ProviderKeys.SlskdFormats) });
    }

    public static ProviderOptions Providers(Settings s) => new()
    {
        Contact = s.Get(HostKeys.Contact)!,
        MaxConcurrency = s.Get(ProviderKeys.MaxConcurrency),
        Disabled = [.. Integrations.Names.Except(s.Get(ProviderKeys.Enabled))],
        ProbeTimeout = Millis(s.Get(HostKeys.HealthDepTimeout)),
        Spotify = new SpotifyOptions
        {
            ApiBaseUrl = s.Get(ProviderKeys.SpotifyApi),
            AccountsBaseUrl = s.Get(ProviderKeys.SpotifyAccounts),
            ClientId = s.Get(ProviderKeys.SpotifyClientId) ?? "",
            ClientSecret = s.Get(ProviderKeys.SpotifyClientSecret) ?? "",
            RefreshToken = s.Get(ProviderKeys.SpotifyRefreshToken) ?? "",
            Timeout = TimeoutOf(s, ProviderKeys.SpotifyTimeout),
            Retries = s.Get(ProviderKeys.SpotifyRetries) ?? s.Get(ProviderKeys.ExternalRetries),
        },
        Slskd = new SlskdOptions
        {
            BaseUrl = Addresses.Slskd(s),
            ApiKey = s.Get(ProviderKeys.SlskdApiKey) ?? "",
            Timeout = TimeoutOf(s, ProviderKeys.SlskdTimeout),
            Retries = s.Get(ProviderKeys.SlskdRetries) ?? s.Get(ProviderKeys.ExternalRetries),
            SearchTimeout = Millis(s.Get(ProviderKeys.SlskdSearchTimeout)),
        },
        Lyrics = new LyricsOptions
        {
            Timeout = s.Get(ProviderKeys.ExternalTimeout) is { } timeout ? Millis(timeout) : new LyricsOptions().Timeout,
            Retries = s.Get(ProviderKeys.ExternalRetries),
            LrclibBaseUrl = s.Get(ProviderKeys.Lrclib),
            LyricsOvhBaseUrl = s.Get(ProviderKeys.LyricsOvh),
        },
        Artwork = new ArtworkOptions
        {
            AllowedHosts = s.Get(ProviderKeys.ArtworkHosts),
            AllowPrivate = s.Get(ProviderKeys.ArtworkAllowPrivate),
            Timeout = !s.Has(ProviderKeys.ArtworkTimeout) && s.Get(ProviderKeys.ExternalTimeout) is { } most
                ? Millis(most)
                : TimeSpan.FromSeconds(s.Get(ProviderKeys.ArtworkTimeout)),
            Retries = s.Get(ProviderKeys.ExternalRetries),
            MaxBytes = s.Get(ProviderKeys.ArtworkMaxBytes),
        },
    };

    /// <summary>The lanes with the search budget in force.</summary>
    public static IReadOnlyList<Lane> LanesOf(SearchBudget budget) =>
        [.. Lanes.All.Select(l => l.Name == Lanes.Search ? l with { Rate = new RateWindow(budget.Searches, TimeSpan.FromSeconds(budget.Seconds)) } : l)];

    public static OrchestratorOptions Engine(Settings s) => new()
    {
        GlobalConcurrency = s.Get(EngineKeys.GlobalConcurrency),
        LaneWidths = s.Families.Widths,
        LanePriorities = s.LanePriorities.Values,
        LeaseSeconds = s.Get(EngineKeys.VisibilityTimeout),
        PollMs = s.Get(EngineKeys.PollInterval),
        PollMaxMs = s.Get(EngineKeys.PollIntervalMax),
        ShutdownGraceSeconds = s.Get(HostKeys.ShutdownGrace),
        RetryDefaults = RetryDefaults(s),
        RetryByKind = s.Families.Retries,
        AuditRetentionDays = s.Get(EngineKeys.AuditRetention),
        DeadLetterRetentionDays = s.Get(EngineKeys.DlqRetention),
        Schedules = Schedules(s),
    };

    public static RetryOverride RetryDefaults(Settings s) => new(
        s.Get(EngineKeys.RetryMaxAttempts), Seconds(s.Get(EngineKeys.RetryBaseSeconds)), s.Get(EngineKeys.RetryJitter), Seconds(s.Get(EngineKeys.RetryTimeoutSeconds)));

    private static List<Schedule> Schedules(Settings s)
    {
        var builtIn = new List<Schedule>
        {
            new() { Name = "download_sweep", Kind = DownloadSweepArgs.Kind, Every = TimeSpan.FromMinutes(5) },
            new() { Name = "prune", Kind = PruneArgs.Kind, Every = TimeSpan.FromDays(1) },
        };
        // Without the one source of catalogues a look at the watchlist could only make dead letters.
        var lookable = s.Get(ProviderKeys.Enabled).Contains(SpotifyOptions.Provider);
        if (s.Get(MusicKeys.WatchlistTimer) && lookable)
            builtIn.Add(new() { Name = "watchlist_tick", Kind = WatchlistTickArgs.Kind, Every = TimeSpan.FromSeconds(s.Get(MusicKeys.WatchlistTimerInterval)) });
        var told = s.Schedules.All;
        return
        [
            .. builtIn.Select(b => told.TryGetValue(b.Name, out var setting) ? With(b, setting) : b),
            .. told
                .Where(t => t.Value.Cron is not null && builtIn.All(b => b.Name != t.Key))
                .Select(t => With(new Schedule { Name = t.Key, Kind = t.Key }, t.Value))
                .Where(t => lookable || t.Kind != WatchlistTickArgs.Kind),
        ];
    }

    private static Schedule With(Schedule schedule, ScheduleSetting told) => schedule with
    {
        Kind = told.Kind ?? schedule.Kind,
        ArgsJson = told.ArgsJson ?? schedule.ArgsJson,
        Cron = told.Cron,
        Every = told.Cron is null ? schedule.Every : null,
        Zone = told.Zone ?? schedule.Zone,
        Misfire = told.Misfire ?? schedule.Misfire,
        Enabled = told.Enabled ?? schedule.Enabled,
    };

    private static TimeSpan TimeoutOf(Settings s, EnvKey<int> own) =>
        Millis(s.Has(own) ? s.Get(own) : s.Get(ProviderKeys.ExternalTimeout) ?? s.Get(own));

    private static TimeSpan Millis(int ms) => TimeSpan.FromMilliseconds(ms);

    private static TimeSpan? Millis(int? ms) => ms is { } given ? Millis(given) : null;

    private static TimeSpan? Seconds(double? s) => s is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
}
