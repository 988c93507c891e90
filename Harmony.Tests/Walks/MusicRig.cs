using Harmony.Data.Downloads;
using Harmony.Jobs;
using Harmony.Jobs.Artists;
using Harmony.Jobs.Artists.Watch;
using Harmony.Jobs.Backfill;
using Harmony.Jobs.Downloads;
using Harmony.Jobs.Files;
using Harmony.Jobs.Ingest;
using Harmony.Jobs.Providers;
using Harmony.Jobs.Providers.Artwork;
using Harmony.Jobs.Providers.Lyrics;
using Harmony.Jobs.Providers.Slskd;
using Harmony.Jobs.Providers.Spotify;
using Harmony.Orchestrator;
using Harmony.Sandbox;
using Harmony.Sandbox.Catalog;
using Harmony.Tests.Postgres;
using Harmony.Tests.Providers;
using Microsoft.Extensions.DependencyInjection;

namespace Harmony.Tests.Walks;

/// <summary>The jobs as they are, on a real database and the sandbox's providers, with folders of their own.</summary>
internal sealed class MusicRig : IAsyncDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("harmony-walk-").FullName;

    private MusicRig(TestDatabase database, SandboxRig sandbox) => (Db, Sandbox) = (database, sandbox);

    public TestDatabase Db { get; }

    public SandboxRig Sandbox { get; }

    public TestFleet Fleet { get; private set; } = null!;

    public string MusicDir => Path.Combine(_root, "music");

    public string DownloadsDir => Sandbox.Host.DownloadsDirectory;

    public static async Task<MusicRig> StartAsync(CancellationToken token, double speed = 20, TransferLimits? limits = null, ArtistSyncOptions? sync = null, WatchlistOptions? watch = null, Func<string, long>? freeBytes = null)
    {
        var database = await TestDatabase.CreateAsync();
        var rig = new MusicRig(database, await SandboxRig.StartAsync(token, speed));
        await rig.StartFleetAsync(limits, sync, watch, freeBytes);
        return rig;
    }

    public async Task StartFleetAsync(TransferLimits? limits, ArtistSyncOptions? sync = null, WatchlistOptions? watch = null, Func<string, long>? freeBytes = null) =>
        Fleet = await TestFleet.StartAsync(
            Db,
            Lanes.All,
            Catalogue.Of(Lanes.All, JobsRegistration.Assembly).Kinds.Select(k => k.JobType),
            options =>
            {
                options.GlobalConcurrency = 20;
                // A busy machine may fail a call once; the walk is about the way, not about a minute's wait.
                options.RetryDefaults = new RetryOverride(null, TimeSpan.FromSeconds(1), null, null);
            },
            services =>
            {
                services.AddSingleton(new DownloadOptions
                {
                    DownloadsDir = DownloadsDir,
                    MusicDir = MusicDir,
                    EnableArtwork = true,
                    EnableLyrics = true,
                    Limits = limits ?? new TransferLimits(),
                });
                if (sync is not null)
                    services.AddSingleton(sync);
                if (watch is not null)
                    services.AddSingleton(watch);
                if (freeBytes is not null)
                    services.AddSingleton(new FreeSpace(1024, freeBytes));
                services.AddHarmonyProviders(Providers());
                services.AddHarmonyJobs();
            });

    public T Get<T>()
        where T : notnull => Fleet.Services.GetRequiredService<T>();

    public Task<IReadOnlyList<T>> RowsAsync<T>(string sql, object? args = null) =>
        Db.Database.QueryAsync<T>(sql, args, CancellationToken.None);

    public Task<T> UntilAsync<T>(string sql, Func<T, bool> good, int seconds = 120) =>
        Until.SeenAsync(async () => (await Db.Database.QueryFirstAsync<T>(sql, null, CancellationToken.None))!, good, TimeSpan.FromSeconds(seconds));

    public async Task WatchAsync(string spotifyId, string backlog = Backlog.All)
    {
        var entry = await Get<WatchlistEntries>().AddAsync(
            new WatchRequest(ArtistKey.OfSpotify(spotifyId), 0, backlog), "test", CancellationToken.None);
        Assert.IsInstanceOfType<WatchlistEntry.Added>(entry);
    }

    public string FirstTitle() => Sandbox.Host.Catalog.Artist(SandboxCatalog.WatchedArtistIds[0])!.Releases[0].Tracks[0].Title;

    /// <summary>Posts one line and has it turned into a download.</summary>
    public async Task<string> PostAsync(string line)
    {
        var receipt = await Get<IngestRequests>().ImportAsync([line], null, CancellationToken.None);
        await Get<BackfillRequests>().RunAsync(null, true, true, "test", CancellationToken.None);
        return receipt.JobId!;
    }

    public Task<Download> DoneAsync() => UntilRowAsync(r => r.Stage == DownloadStage.Done);

    /// <summary>The one download there is, once it looks like this.</summary>
    public Task<Download> UntilRowAsync(Func<Download, bool> good) =>
        Until.SeenAsync(
            async () => (await Get<DownloadsRepository>().ListAsync([], 1, 0, CancellationToken.None)).SingleOrDefault(),
            row => row is not null && good(row),
            TimeSpan.FromSeconds(120))!;

    /// <summary>Nothing is left to do but to watch slskd.</summary>
    public Task SettledAsync() => UntilAsync<string>(
        """
        select coalesce(string_agg(concat_ws(' ', kind, job_id, state, reason, last_error), '; ' order by job_id), '')
        from harmony.job
        where kind not in ('transfer_poll', 'download_sweep', 'watchlist_tick')
            and state not in ('Succeeded', 'Deleted', 'Failed')
        """,
        left => left.Length == 0,
        240);

    public IReadOnlyList<string> Music(string pattern) =>
        Directory.Exists(MusicDir)
            ? [.. Directory.EnumerateFiles(MusicDir, pattern, SearchOption.AllDirectories)
                .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}.harmony{Path.DirectorySeparatorChar}", StringComparison.Ordinal))]
            : [];

    public async ValueTask DisposeAsync()
    {
        await Fleet.DisposeAsync();
        await Sandbox.DisposeAsync();
        await Db.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    private ProviderOptions Providers() => new()
    {
        Spotify = new SpotifyOptions
        {
            ApiBaseUrl = new Uri(Sandbox.Host.SpotifyApiUrl),
            AccountsBaseUrl = new Uri(Sandbox.Host.SpotifyUrl),
            ClientId = "sandbox",
            ClientSecret = "sandbox",
        },
        Slskd = new SlskdOptions { BaseUrl = new Uri(Sandbox.Host.SlskdUrl), ApiKey = SandboxOptions.SlskdApiKey },
        Lyrics = new LyricsOptions { LrclibBaseUrl = new Uri(Sandbox.Host.LrclibUrl), LyricsOvhBaseUrl = new Uri(Sandbox.Host.LrclibUrl) },
        Artwork = new ArtworkOptions { AllowPrivate = [new Uri(Sandbox.Host.ImagesUrl).Authority] },
    };
}
