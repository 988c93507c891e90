using System.Text.Json;
using System.Text.Json.Nodes;
using Harmony.Sandbox.Faults;

namespace Harmony.Sandbox.Slskd;

/// <summary>What both ways to enqueue share: two at a time, the checks of the list, who is online.</summary>
internal sealed class EnqueueDoor(FaultBook faults) : IDisposable
{
    private readonly SemaphoreSlim _two = new(2);

    public static string? Problem(JsonArray files)
    {
        if (files.Count == 0)
            return "At least one file is required";
        if (files.Any(file => file is null))
            return "One or more files in the request are null";
        if (files.Any(file => file is not JsonObject || file["filename"]?.GetValueKind() != JsonValueKind.String || ((string)file["filename"]!).Length == 0))
            return "The Filename field is required.";
        return files.Any(file => LandingFolders.IsUnsafe((string)file!["filename"]!, '\\', '/'))
            ? "One or more files in the request contain a dangerous path traversal segment"
            : null;
    }

    public static long SizeOf(JsonNode file)
        => file["size"]?.GetValueKind() == JsonValueKind.Number ? file["size"]!.GetValue<long>() : 0;

    public async Task<IResult> PassAsync(HttpRequest request, Func<JsonNode?, IResult> enqueue)
    {
        if (!await _two.WaitAsync(0))
            return SandboxJson.BareString("Only one concurrent operation is permitted. Wait until the previous operation completes.", 429);
        try
        {
            await Task.Delay(12, request.HttpContext.RequestAborted);
            return enqueue(await SandboxJson.ReadAsync(request));
        }
        finally
        {
            _two.Release();
        }
    }

    public bool IsOnline(string username)
        => Peer.Crowd.Any(peer => peer.Name == username) && faults.Strike(FaultRule.UserOffline, username, "*") is null;

    public bool SeemsOnline(string username)
        => Peer.Crowd.Any(peer => peer.Name == username) && !faults.IsInForce(FaultRule.UserOffline, username);

    public void Dispose() => _two.Dispose();
}
