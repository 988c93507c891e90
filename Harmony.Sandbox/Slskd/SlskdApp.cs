using System.Text.Json.Nodes;
using Harmony.Sandbox.Catalog;
using Harmony.Sandbox.Faults;

namespace Harmony.Sandbox.Slskd;

/// <summary>A daemon that is logged in, with peers who share the whole catalogue in many qualities.</summary>
internal sealed class SlskdApp : ISandboxApp
{
    private static readonly string[] Open = ["/health", "/api/v0/session/enabled"];
    private readonly SoulseekLink _link;
    private readonly SearchEndpoints _searches;
    private readonly TransferDesk _desk;
    private readonly TransferPump _pump;
    private readonly EnqueueDoor _door;
    private readonly EventLog _events;
    private readonly LandingFolders _folders;
    private readonly Action<WebApplication> _map;

    public SlskdApp(SandboxCatalog catalog, TimeProvider clock, FaultBook faults, SandboxOptions options)
    {
        var state = options.StateOf(SandboxProvider.Slskd);
        var pace = new SandboxPace(clock, options.Speed);
        var shares = new PeerLibrary(catalog, options.Seed);
        Directory.CreateDirectory(options.Downloads);
        _folders = new LandingFolders(options.Downloads, Path.Combine(state, "incomplete"), faults);
        _link = new SoulseekLink(clock, Path.Combine(state, "link.jsonl"), options.EnforceSearchBudget);
        _searches = new SearchEndpoints(shares, _link, pace, faults, Path.Combine(state, "searches.jsonl"));
        _desk = new TransferDesk(state, clock);
        _door = new EnqueueDoor(faults);
        _events = new EventLog(Path.Combine(state, "events.jsonl"), clock);
        _pump = new TransferPump(_desk, shares, faults, _folders, _events, pace);
        _map = app =>
        {
            new DaemonEndpoints(_link, _door, shares, _events).Map(app);
            new FolderEndpoints(_folders).Map(app);
            _searches.Map(app);
            new BatchEndpoints(_desk, _door, _link, clock).Map(app);
            new TransferEndpoints(_desk, _door, _link, pace).Map(app);
        };
    }

    public void Map(WebApplication app)
    {
        app.Use(RequireKeyAsync);
        _map(app);
        app.MapFallback(Otherwise);
    }

    public void Reset()
    {
        lock (_desk.Gate)
        {
            _desk.Reset();
            _folders.Forget();
        }
        _searches.Reset();
        _events.Reset();
        _link.Reset();
    }

    public JsonObject Figures() => _link.Figures();

    public async ValueTask DisposeAsync()
    {
        await _pump.DisposeAsync();
        _searches.Dispose();
        _door.Dispose();
    }

    // A wrong key and no key look the same; a path that does not exist is a 404 even without one.
    private static async Task RequireKeyAsync(HttpContext context, RequestDelegate next)
    {
        var path = context.Request.Path;
        var guarded = path.StartsWithSegments("/api", StringComparison.Ordinal)
            && !Open.Contains(path.Value)
            && (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText?.StartsWith("/api/", StringComparison.Ordinal) == true;
        if (!guarded || context.Request.Headers["X-API-Key"] == SandboxOptions.SlskdApiKey)
        {
            await next(context);
            return;
        }
        context.Response.StatusCode = 401;
        context.Response.Headers.WWWAuthenticate = "Bearer";
    }

    // Anything outside the API is the web page of the real daemon: 200 and HTML.
    private static IResult Otherwise(HttpContext context)
        => context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal)
            ? Results.NotFound()
            : Results.Text("<!doctype html><html><head><title>slskd</title></head><body><div id=\"root\"></div></body></html>", "text/html");
}
