using System.Text;
using Harmony.Api.Http;

namespace Harmony.Api.Access;

/// <summary>The credential of a request.</summary>
internal abstract record Credential
{
    public sealed record None : Credential;

    /// <summary>A text that cannot be a key.</summary>
    public sealed record Malformed : Credential;

    public sealed record Key(string Text) : Credential;

    public sealed record Login(string Name, string Password) : Credential;

    public static Credential Of(HttpRequest request)
    {
        if (request.Headers.TryGetValue("X-API-Key", out var header))
            return header.Count == 1 ? AsKey(header[0]) : new Malformed();
        if (!request.Headers.TryGetValue("Authorization", out var authorization))
            return new None();
        if (authorization.Count != 1 || authorization[0] is not { } text)
            return new Malformed();

        var space = text.IndexOf(' ', StringComparison.Ordinal);
        var (scheme, rest) = space < 0 ? (text, "") : (text[..space], text[(space + 1)..].Trim());
        return scheme.ToUpperInvariant() switch
        {
            "APIKEY" or "BEARER" => AsKey(rest),
            // Browsers resend a password once it was entered, so only pages, whose forms carry a token, accept one.
            "BASIC" when RequestKind.IsPage(request.Path) => AsLogin(rest),
            _ => new Malformed(),
        };
    }

    /// <summary>As typed into the form: without a name it is a key.</summary>
    public static Credential Of(string name, string secret) => name.Length > 0 && secret.Length > 0 ? new Login(name, secret) : AsKey(secret);

    private static Credential AsKey(string? text) => text is not null && ApiKeyStore.IsPlausible(text.Trim()) ? new Key(text.Trim()) : new Malformed();

    private static Credential AsLogin(string text)
    {
        var bytes = new byte[text.Length];
        if (text.Length > 2048 || !Convert.TryFromBase64String(text, bytes, out var length))
            return new Malformed();

        var pair = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = pair.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? new Malformed() : new Login(pair[..colon], pair[(colon + 1)..]);
    }
}
