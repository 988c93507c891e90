using System.Text.RegularExpressions;
using Harmony.Orchestrator;

namespace Harmony.Jobs.Artists;

/// <summary><c>source:id</c>, the form of an artist in REST and in the tables.</summary>
public static partial class ArtistKey
{
    public const string Spotify = "spotify";

    /// <summary>The id after <c>spotify:</c>, or null when the key has another form.</summary>
    public static string? SpotifyIdOf(string? artistKey) =>
        artistKey is not null && Form().Match(artistKey) is { Success: true } match ? match.Groups["id"].Value : null;

    /// <summary>The same for a job, which fails for good when the key has another form.</summary>
    public static string ToSpotifyId(string artistKey) =>
        SpotifyIdOf(artistKey) ?? throw new PermanentJobException("invalid_artist_key", $"'{artistKey}' is not of the form spotify:<id>.");

    public static string OfSpotify(string id) => $"{Spotify}:{id}";

    [GeneratedRegex("^spotify:(?<id>[A-Za-z0-9]{1,64})$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Form();
}
