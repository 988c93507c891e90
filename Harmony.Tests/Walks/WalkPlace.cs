using Harmony.Sandbox;
using Harmony.Tests.Postgres;
using Harmony.Tests.Providers;

namespace Harmony.Tests.Walks;

/// <summary>A database, a sandbox and folders for processes of the host: everything around it is real and its own.</summary>
internal sealed class WalkPlace : IAsyncDisposable
{
    private WalkPlace(TestDatabase database, SandboxRig sandbox)
    {
        Db = database;
        Sandbox = sandbox;
        Environment = new Dictionary<string, string>
        {
            ["DATABASE_URL"] = database.ConnectionString,
            ["HOST"] = "127.0.0.1",
            ["MUSIC_DIR"] = MusicDir,
            ["DOWNLOADS_DIR"] = sandbox.Host.DownloadsDirectory,
            ["HARMONY_KEYS_DIR"] = Path.Combine(Root, "keys"),
            ["SPOTIFY_API_BASE_URL"] = sandbox.Host.SpotifyApiUrl,
            ["SPOTIFY_ACCOUNTS_BASE_URL"] = sandbox.Host.SpotifyUrl,
            ["SPOTIFY_CLIENT_ID"] = "sandbox",
            ["SPOTIFY_CLIENT_SECRET"] = "sandbox",
            ["SLSKD_BASE_URL"] = sandbox.Host.SlskdUrl,
            ["SLSKD_API_KEY"] = SandboxOptions.SlskdApiKey,
            ["LRCLIB_BASE_URL"] = sandbox.Host.LrclibUrl,
            ["LYRICS_OVH_BASE_URL"] = sandbox.Host.LrclibUrl,
            ["ARTWORK_ALLOW_PRIVATE"] = new Uri(sandbox.Host.ImagesUrl).Authority,
            ["ENABLE_ARTWORK"] = "true",
            ["ENABLE_LYRICS"] = "true",
            ["ORCH_VISIBILITY_TIMEOUT_S"] = "5",
            ["WATCHLIST_TIMER_INTERVAL_S"] = "60",
            ["RETRY_BASE_SECONDS"] = "1",
            ["HARMONY_LOG_LEVEL"] = "WARNING",
        };
        Directory.CreateDirectory(MusicDir);
        Directory.CreateDirectory(sandbox.Host.DownloadsDirectory);
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("harmony-walk-").FullName;

    public TestDatabase Db { get; }

    public SandboxRig Sandbox { get; }

    public Dictionary<string, string> Environment { get; }

    public string MusicDir => Path.Combine(Root, "music");

    public static async Task<WalkPlace> CreateAsync(CancellationToken cancellationToken, double speed = 10) =>
        new(await TestDatabase.CreateAsync(), await SandboxRig.StartAsync(cancellationToken, speed));

    public Task<T?> ScalarAsync<T>(string sql, object? args = null) => Db.Database.QueryFirstAsync<T>(sql, args, CancellationToken.None);

    public Task<T?> UntilAsync<T>(string sql, Func<T?, bool> good, int seconds) =>
        Until.SeenAsync(() => ScalarAsync<T>(sql), good, TimeSpan.FromSeconds(seconds));

    /// <summary>The audio files on the shelf, without what is being prepared beside it.</summary>
    public IReadOnlyList<string> Shelf() =>
    [
        .. Directory.EnumerateFiles(MusicDir, "*", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/.harmony/", StringComparison.Ordinal))
            .Where(f => Path.GetExtension(f) is ".flac" or ".mp3" or ".m4a" or ".ogg"),
    ];

    public async ValueTask DisposeAsync()
    {
        await Sandbox.DisposeAsync();
        await Db.DisposeAsync();
        Directory.Delete(Root, recursive: true);
    }
}
