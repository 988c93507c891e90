using System.Text.Json.Nodes;

namespace Harmony.Sandbox.Spotify;

internal static class SpotifyErrors
{
    public static IResult Json(int status, string message) => SandboxJson.Json(
        new JsonObject { ["error"] = new JsonObject { ["status"] = status, ["message"] = message } }, status);
}
