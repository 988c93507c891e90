using Harmony.Jobs.Providers.Catalogue;
using Harmony.Jobs.Titles;

namespace Harmony.Jobs.Backfill;

/// <summary>The data of a track from a list or a form, before it has a Spotify id.</summary>
internal sealed record SoughtTrack(string Artist, string Title, string? Album = null, string? Isrc = null, TimeSpan? Duration = null);

internal sealed record TrackScore(ProviderTrack Track, double Points, bool Accepted, string Sentence);

/// <summary>
/// Does a track of Spotify's search match the wanted one? The points are those of the origin; its threshold accepted any title that
/// contained the wanted one, so ours requires the same code, or title and artist alike, the same version and a length within two seconds.
/// </summary>
internal static class TrackMatch
{
    public const double Threshold = 75;
    private const double Alike = 0.92;

    public static TrackScore? Best(SoughtTrack sought, IEnumerable<ProviderTrack> found) =>
        found.Select(track => Score(sought, track)).OrderByDescending(score => score.Accepted).ThenByDescending(score => score.Points).FirstOrDefault();

    public static TrackScore Score(SoughtTrack sought, ProviderTrack track)
    {
        var sameCode = IsSameCode(sought.Isrc, track.Isrc);
        var points = (sameCode ? 120 : 0)
            + Text(TitleOf(sought.Title), TitleOf(track.Name), 40, 12)
            + track.Artists.Select(artist => Text(sought.Artist, artist.Name, 35, 15)).Append(Text(sought.Artist, AllArtists(track), 35, 15)).Max()
            + Text(sought.Album ?? "", track.Album?.Name ?? "", 10, 4)
            + Length(sought, track);
        var refusal = sameCode ? null : Refusal(sought, track, points);
        return new TrackScore(track, Math.Round(points, 2), refusal is null, refusal ?? (sameCode ? "The recording's code is the same." : "Title, artist and length agree."));
    }

    private static string? Refusal(SoughtTrack sought, ProviderTrack track, double points)
    {
        if (!VersionWords.Declared(sought.Title).SetEquals(VersionWords.Declared(track.Name)))
            return $"“{track.Name}” is another version than “{sought.Title}”.";

        if (Difference(sought, track) is { } apart && Math.Abs(apart) > 2)
            return $"The lengths are {Math.Abs(apart):0.#} s apart.";

        return points >= Threshold ? null : $"{points:0} points of {Threshold:0}: title or artist are not alike enough.";
    }

    private static double Text(string sought, string found, double alike, double contained)
    {
        var (one, other) = (TitleText.Normalise(sought), TitleText.Normalise(found));
        if (one.Length == 0 || other.Length == 0)
            return 0;

        if (TitleText.NormalisedSimilarity(one, other) >= Alike && TitleMatch.IsSameNumbers(one, other))
            return alike;

        return $" {other} ".Contains($" {one} ", StringComparison.Ordinal) || $" {one} ".Contains($" {other} ", StringComparison.Ordinal) ? contained : 0;
    }

    private static double Length(SoughtTrack sought, ProviderTrack track) => Difference(sought, track) is { } seconds
        ? Math.Abs(seconds) switch { <= 2 => 25, <= 5 => 8, var far => -far }
        : 0;

    private static double? Difference(SoughtTrack sought, ProviderTrack track) =>
        sought.Duration is { } duration && track.DurationMs > 0 ? (track.DurationMs / 1000.0) - duration.TotalSeconds : null;

    private static bool IsSameCode(string? one, string? other) =>
        Code(one) is { Length: > 0 } code && code == Code(other);

    private static string Code(string? isrc) =>
        string.Concat((isrc ?? "").Where(char.IsLetterOrDigit)).ToUpperInvariant();

    private static string TitleOf(string title) => VersionWords.Stripped(title);

    private static string AllArtists(ProviderTrack track) => string.Join(' ', track.Artists.Select(artist => artist.Name));
}
