using System.Text.RegularExpressions;

namespace Harmony.Api.Spotify;

/// <summary>Recognizes Spotify playlist links; all others get the origin's words for the reason.</summary>
internal static partial class PlaylistLink
{
    public static string? RefusalOf(string? link)
    {
        var text = link?.Trim() ?? "";
        if (text.Length == 0)
            return "EMPTY";
        if (text.StartsWith("spotify:", StringComparison.Ordinal))
            return text.Split(':') is ["spotify", "playlist", var id] ? OfId(id) : "NOT_A_PLAYLIST";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("https" or "http"))
            return "INVALID_SCHEME";
        if (url.Host is not "open.spotify.com")
            return "UNSUPPORTED_HOST";

        // Links shared in some countries start with a language: /intl-de/playlist/…
        var parts = url.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries).SkipWhile(p => p.StartsWith("intl-", StringComparison.Ordinal)).ToArray();
        return parts is ["playlist", var playlist] ? OfId(playlist) : "NOT_A_PLAYLIST";
    }

    private static string? OfId(string id) => Id().IsMatch(id) ? null : "INVALID_PLAYLIST_ID";

    [GeneratedRegex("^[A-Za-z0-9]{16,40}$", RegexOptions.None, 1000)]
    private static partial Regex Id();
}
