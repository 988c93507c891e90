using System.Text.Json.Nodes;

namespace Harmony.Sandbox.Spotify;

/// <summary>The one account of the sandbox. It is signed in: its refresh token is known beforehand.</summary>
internal static class SpotifyAccount
{
    public const string RefreshToken = "sandbox-refresh-token-0001";

    public static JsonObject Describe() => new()
    {
        ["account_id"] = "sandboxaccount0000000001",
        ["display_name"] = "Sandbox Listener",
        ["external_urls"] = new JsonObject { ["spotify"] = "https://open.spotify.com/user/sandbox-listener" },
        ["id"] = "sandbox-listener",
        ["images"] = new JsonArray(),
        ["type"] = "user",
        ["uri"] = "spotify:user:sandbox-listener",
    };
}
