using System.Globalization;
using System.Text.Json.Nodes;

namespace Harmony.Sandbox.Slskd;

/// <summary>The daemon itself, the other users, and the events.</summary>
internal sealed class DaemonEndpoints(SoulseekLink link, EnqueueDoor door, PeerLibrary shares, EventLog events)
{
    private const string Version = "0.26.0";

    public void Map(WebApplication app)
    {
        app.MapGet("/health", () => Results.Text("Healthy"));
        app.MapGet("/api/v0/session/enabled", () => SandboxJson.Json(true));
        app.MapGet("/api/v0/session", () => Results.Ok());
        app.MapGet("/api/v0/server", () => SandboxJson.Json(link.Describe()));
        app.MapPut("/api/v0/server", () =>
        {
            link.Connect();
            return Results.Ok();
        });
        app.MapDelete("/api/v0/server", () =>
        {
            link.Disconnect();
            return Results.NoContent();
        });
        app.MapGet("/api/v0/application", Application);
        app.MapGet("/api/v0/application/version", () => SandboxJson.BareString(Version, 200));
        app.MapGet("/api/v0/users/{username}/status", (string username) => SandboxJson.Json(new JsonObject
        {
            ["isPrivileged"] = false,
            ["presence"] = door.SeemsOnline(username) ? "Online" : "Offline",
        }));
        app.MapGet("/api/v0/users/{username}/info", Info);
        app.MapPost("/api/v0/users/{username}/directory", DirectoryAsync);
        app.MapGet("/api/v0/events", Events);
    }

    private IResult Application() => SandboxJson.Json(new JsonObject
    {
        ["version"] = new JsonObject { ["full"] = $"{Version} ({Version}+sandbox)", ["current"] = Version, ["isCanary"] = false, ["isDevelopment"] = false },
        ["pendingReconnect"] = false,
        ["pendingRestart"] = false,
        ["server"] = link.Describe(),
        ["connectionWatchdog"] = new JsonObject { ["isEnabled"] = false, ["isAttemptingConnection"] = false, ["isAwaitingVpn"] = false },
        ["user"] = new JsonObject { ["username"] = "harmony-sandbox" },
        ["shares"] = new JsonObject { ["scanPending"] = false, ["scanning"] = false, ["ready"] = true, ["directories"] = 0, ["files"] = 0 },
        ["rooms"] = new JsonArray(),
        ["users"] = new JsonArray(),
    });

    private IResult Info(string username)
    {
        if (!door.SeemsOnline(username))
            return Offline(username);
        var peer = Peer.Crowd.First(peer => peer.Name == username);
        return SandboxJson.Json(new JsonObject
        {
            ["description"] = "",
            ["hasFreeUploadSlot"] = peer.HasFreeSlot,
            ["hasPicture"] = false,
            ["queueLength"] = peer.QueueLength,
            ["uploadSlots"] = 2,
        });
    }

    // Files carry their bare name here: folder and name joined by a backslash make the path.
    private async Task<IResult> DirectoryAsync(string username, HttpRequest request)
    {
        if (!door.SeemsOnline(username))
            return Offline(username);
        var folder = (string?)(await SandboxJson.ReadAsync(request))?["directory"] ?? "";
        var files = shares.In(username, folder).ToList();
        return SandboxJson.Json(new JsonArray(new JsonObject
        {
            ["name"] = folder,
            ["fileCount"] = files.Count,
            ["files"] = SandboxJson.Array(files.Select(file => SearchRun.Describe(file, file.Name))),
        }));
    }

    private IResult Events(HttpContext context, int? offset, int? limit)
    {
        var all = events.NewestFirst;
        context.Response.Headers["X-Total-Count"] = all.Count.ToString(CultureInfo.InvariantCulture);
        return SandboxJson.Json(SandboxJson.Array(all.Skip(offset ?? 0).Take(limit ?? 100).Select(logged => logged.Describe())));
    }

    private static IResult Offline(string username) => SandboxJson.BareString($"User {username} appears to be offline", 404);
}
