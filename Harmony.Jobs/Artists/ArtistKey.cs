using System.Text.RegularExpressions;

namespace Harmony.Jobs.Artists;

/// <summary><c>source:id</c>, as REST and the tables spell an artist.</summary>
public static partial class ArtistKey
{
    public const string Spotify = "spotify";

    /// <summary>The id behind <c>spotify:</c>, or null when the key is of another form.</summary>
    public static string? SpotifyIdOf(string? artistKey) =>
        artistKey is not null && Form().Match(artistKey) is { Success: true } match ? match.Groups["id"].Value : null;

    public static string OfSpotify(string id) => $"{Spotify}:{id}";

    [GeneratedRegex("^spotify:(?<id>[A-Za-z0-9]{1,64})$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Form();
}
