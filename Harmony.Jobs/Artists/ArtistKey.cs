using System.Text.RegularExpressions;
using Harmony.Orchestrator;

namespace Harmony.Jobs.Artists;

/// <summary><c>source:id</c>, as REST and the tables spell an artist.</summary>
public static partial class ArtistKey
{
    public const string Spotify = "spotify";

    /// <summary>The id behind <c>spotify:</c>, or null when the key is of another form.</summary>
    public static string? SpotifyIdOf(string? artistKey) =>
        artistKey is not null && Form().Match(artistKey) is { Success: true } match ? match.Groups["id"].Value : null;

    /// <summary>The same for a job, which ends for good when the key is of another form.</summary>
    public static string ToSpotifyId(string artistKey) =>
        SpotifyIdOf(artistKey) ?? throw new PermanentJobException("invalid_artist_key", $"'{artistKey}' is not of the form spotify:<id>.");

    public static string OfSpotify(string id) => $"{Spotify}:{id}";

    [GeneratedRegex("^spotify:(?<id>[A-Za-z0-9]{1,64})$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Form();
}
