using System.Text.RegularExpressions;

namespace Harmony.Api.Pages.Watchlist;

/// <summary>The artist of a share link, a URI, a key or a bare id.</summary>
internal static partial class ArtistLink
{
    /// <summary>The key <c>spotify:…</c>, or null when it is none of these.</summary>
    public static string? KeyOf(string? text) =>
        text is not null && Form().Match(text.Trim()) is { Success: true } match ? $"spotify:{match.Groups["id"].Value}" : null;

    [GeneratedRegex("^(https://open\\.spotify\\.com/(intl-[a-z]{2}/)?artist/|spotify:artist:|spotify:)?(?<id>[A-Za-z0-9]{1,64})([?#].*)?$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Form();
}
