using System.Net;
using Harmony.Sandbox.Catalog;
using Harmony.Sandbox.Faults;
using Harmony.Sandbox.Images;
using Harmony.Sandbox.Lyrics;
using Harmony.Sandbox.Slskd;
using Harmony.Sandbox.Spotify;

namespace Harmony.Sandbox;

/// <summary>Runs the stand-ins of one process on loopback; tests host it in process.</summary>
public sealed class SandboxHost : IAsyncDisposable
{
    private readonly SandboxOptions _options;
    private readonly List<WebApplication> _running = [];
    private readonly List<ISandboxApp> _apps = [];
    private readonly Dictionary<SandboxProvider, string> _urls = [];
    private readonly ImageAddress _images;

    private SandboxHost(SandboxOptions options)
    {
        _options = options;
        Catalog = new SandboxCatalog(options.Seed, options.UniformArtists);
        Clock = new SandboxClock(TimeProvider.System);
        _images = new ImageAddress(options);
    }

    public SandboxCatalog Catalog { get; }

    public SandboxClock Clock { get; }

    public IReadOnlyDictionary<SandboxProvider, string> Urls => _urls;

    /// <summary>Token endpoint at {SpotifyUrl}/api/token.</summary>
    public string SpotifyUrl => _urls[SandboxProvider.Spotify];

    public string SpotifyApiUrl => SpotifyUrl + "/v1";

    public string SlskdUrl => _urls[SandboxProvider.Slskd];

    public string LrclibUrl => _urls[SandboxProvider.Lrclib];

    public string ImagesUrl => _urls[SandboxProvider.Images];

    public string DownloadsDirectory => _options.Downloads;

    public static async Task<SandboxHost> StartAsync(SandboxOptions options, CancellationToken cancellationToken)
    {
        var host = new SandboxHost(options);
        try
        {
            foreach (var provider in options.Providers)
                await host.StartAsync(provider, cancellationToken);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var app in _running)
        {
            await app.StopAsync(CancellationToken.None);
            await app.DisposeAsync();
        }
        foreach (var app in _apps)
            await app.DisposeAsync();
        _running.Clear();
        _apps.Clear();
    }

    private async Task StartAsync(SandboxProvider provider, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(_options.StateOf(provider));
        var faults = new FaultBook(Path.Combine(_options.StateOf(provider), "faults.jsonl"));
        var app = Create(provider, faults);
        _apps.Add(app);
        var web = Build(_options.Port == 0 || _options.Providers.Count == 1 ? _options.Port : _options.Port + (int)provider);
        _running.Add(web);
        web.UseRouting();
        new ControlPanel(faults, new RequestCounters(Clock), Clock, app).Map(web);
        app.Map(web);
        await web.StartAsync(cancellationToken);
        _urls[provider] = web.Urls.First();
        _images.Announce(provider, _urls[provider]);
    }

    private ISandboxApp Create(SandboxProvider provider, FaultBook faults) => provider switch
    {
        SandboxProvider.Spotify => new SpotifyApp(Catalog, Clock, _images, new CatalogNews(Path.Combine(_options.StateOf(provider), "catalogue.jsonl"))),
        SandboxProvider.Slskd => new SlskdApp(Catalog, Clock, faults, _options),
        SandboxProvider.Lrclib => new LrclibApp(Catalog, _options.Seed),
        SandboxProvider.Images => new ImagesApp(Catalog),
        _ => throw new ArgumentOutOfRangeException(nameof(provider)),
    };

    private static WebApplication Build(int port)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRouting();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(2));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        return builder.Build();
    }
}
