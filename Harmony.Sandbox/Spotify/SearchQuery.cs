using System.Text.RegularExpressions;
using Harmony.Sandbox.Catalog;

namespace Harmony.Sandbox.Spotify;

/// <summary>Free words and field filters. An unquoted filter runs until the next filter, as in the real search.</summary>
internal sealed partial class SearchQuery
{
    private static readonly string[] WordFilters = ["artist", "album", "track"];

    private readonly Dictionary<string, string> _filters = new(StringComparer.Ordinal);
    private readonly string[] _words;

    public SearchQuery(string text)
    {
        var parts = Filter.Split(text);
        var free = parts[0];
        for (var i = 1; i + 1 < parts.Length; i += 2)
        {
            var value = parts[i + 1].Trim();
            if (value.StartsWith('"') && value.IndexOf('"', 1) is > 0 and var end)
            {
                free += " " + value[(end + 1)..];
                value = value[1..end];
            }
            _filters[parts[i].ToLowerInvariant()] = value;
        }
        _words = PlainText.Words(free);
    }

    /// <summary>Words that must all be found somewhere.</summary>
    public IReadOnlyCollection<string> Words =>
        [.. _words, .. WordFilters.SelectMany(filter => PlainText.Words(_filters.GetValueOrDefault(filter, "")))];

    public string? Isrc => _filters.GetValueOrDefault("isrc");

    [GeneratedRegex(@"\b(?<field>artist|album|track|isrc|upc|year|genre|tag):", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Filter { get; }

    public bool Matches(CatalogTrack track, CatalogRelease release)
        => Passes("isrc", value => string.Equals(value, track.Isrc, StringComparison.OrdinalIgnoreCase))
        && Passes("track", value => Has(value, track.Title))
        && Passes("artist", value => track.Artists.Any(artist => Has(value, artist.Name)))
        && PassesRelease(release)
        && HasWords($"{track.Title} {Names(track.Artists)} {release.Title}");

    public bool Matches(CatalogRelease release)
        => !_filters.ContainsKey("isrc") && !_filters.ContainsKey("track")
        && Passes("artist", value => release.Artists.Any(artist => Has(value, artist.Name)))
        && PassesRelease(release)
        && HasWords($"{release.Title} {Names(release.Artists)}");

    public bool Matches(CatalogArtist artist)
        => !_filters.ContainsKey("isrc") && !_filters.ContainsKey("track") && !_filters.ContainsKey("album")
        && Passes("artist", value => Has(value, artist.Name))
        && HasWords(artist.Name);

    private bool PassesRelease(CatalogRelease release)
        => Passes("album", value => Has(value, release.Title))
        && Passes("upc", value => value == release.Upc)
        && Passes("year", value => InYears(value, release.Year));

    private bool Passes(string filter, Predicate<string> test) => !_filters.TryGetValue(filter, out var value) || test(value);

    private bool HasWords(string text) => _words.Length == 0 || _words.All(PlainText.Words(text).Contains);

    private static bool Has(string wanted, string text) => PlainText.Words(wanted).All(PlainText.Words(text).Contains);

    private static bool InYears(string wanted, string year)
    {
        var ends = wanted.Split('-', 2);
        return string.CompareOrdinal(year, ends[0]) >= 0 && string.CompareOrdinal(year, ends[^1]) <= 0;
    }

    private static string Names(IEnumerable<CatalogCredit> credits) => string.Join(' ', credits.Select(credit => credit.Name));
}
