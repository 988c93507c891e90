using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Harmony.Sandbox.Spotify;

/// <summary>
/// Access tokens that carry their own end and a mark of the sandbox, so they outlive a restart. Any client id and secret
/// do, but the secret "wrong".
/// </summary>
internal sealed class SpotifyTokens(TimeProvider clock)
{
    private const int LifetimeSeconds = 3600;
    private static readonly byte[] Mark = "harmony sandbox"u8.ToArray();

    public async Task<IResult> GrantAsync(HttpRequest request)
    {
        if (!request.HasFormContentType)
            return Refuse("unsupported_grant_type", "grant_type parameter is missing");
        var form = await request.ReadFormAsync(request.HttpContext.RequestAborted);
        return form["grant_type"].ToString() switch
        {
            "client_credentials" => HasClientSecret(request)
                ? Grant("app", scope: null)
                : Refuse("invalid_client", "Invalid client secret"),
            "refresh_token" => Refresh(request, form),
            _ => Refuse("unsupported_grant_type", "grant_type must be client_credentials, authorization_code or refresh_token"),
        };
    }

    /// <summary>Why the bearer is no good; null when it is.</summary>
    public string? Problem(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        if (header.Length == 0)
            return "No token provided";
        if (!header.StartsWith("Bearer ", StringComparison.Ordinal))
            return "Only valid bearer authentication supported";
        var parts = header["Bearer ".Length..].Split('.');
        if (parts.Length != 3 || parts[2] != Sign(parts[0], parts[1]))
            return "Invalid access token";
        return long.Parse(parts[1], CultureInfo.InvariantCulture) <= clock.GetUtcNow().ToUnixTimeSeconds()
            ? "The access token expired"
            : null;
    }

    public bool IsUser(HttpRequest request)
        => request.Headers.Authorization.ToString().StartsWith("Bearer user.", StringComparison.Ordinal) && Problem(request) is null;

    // A public client names itself in the form, a confidential one in the header. No new refresh token comes back (2026).
    private IResult Refresh(HttpRequest request, IFormCollection form)
    {
        if (!HasClientSecret(request) && form["client_id"].Count == 0)
            return Refuse("invalid_client", "Invalid client");
        return form["refresh_token"] == SpotifyAccount.RefreshToken
            ? Grant("user", "user-library-read user-library-modify playlist-read-private user-follow-read")
            : Refuse("invalid_grant", "Invalid refresh token");
    }

    private IResult Grant(string holder, string? scope)
    {
        var end = clock.GetUtcNow().AddSeconds(LifetimeSeconds).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var answer = new JsonObject
        {
            ["access_token"] = $"{holder}.{end}.{Sign(holder, end)}",
            ["token_type"] = "Bearer",
            ["expires_in"] = LifetimeSeconds,
        };
        if (scope is not null)
            answer["scope"] = scope;
        return SandboxJson.Json(answer);
    }

    private static IResult Refuse(string error, string description)
        => SandboxJson.Json(new JsonObject { ["error"] = error, ["error_description"] = description }, 400);

    private static bool HasClientSecret(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith("Basic ", StringComparison.Ordinal))
            return false;
        var packed = new byte[header.Length];
        if (!Convert.TryFromBase64String(header["Basic ".Length..], packed, out var length))
            return false;
        var pair = Encoding.UTF8.GetString(packed, 0, length).Split(':', 2);
        return pair is [{ Length: > 0 }, { Length: > 0 } secret] && secret != "wrong";
    }

    private static string Sign(string holder, string end)
        => Convert.ToHexStringLower(HMACSHA256.HashData(Mark, Encoding.UTF8.GetBytes($"{holder}.{end}")))[..32];
}
