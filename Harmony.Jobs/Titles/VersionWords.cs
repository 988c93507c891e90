using System.Text.RegularExpressions;

namespace Harmony.Jobs.Titles;

/// <summary>Words that name another recording of the same title, such as live, remix, karaoke.</summary>
internal static partial class VersionWords
{
    // Each spelling, under the one word used for comparison.
    private static readonly Dictionary<string, string> Known = new()
    {
        ["live"] = "live",
        ["concert"] = "live",
        ["unplugged"] = "unplugged",
        ["remix"] = "remix",
        ["remixed"] = "remix",
        ["remixes"] = "remix",
        ["rmx"] = "remix",
        ["mix"] = "mix",
        ["mashup"] = "mashup",
        ["bootleg"] = "bootleg",
        ["acoustic"] = "acoustic",
        ["karaoke"] = "karaoke",
        ["instrumental"] = "instrumental",
        ["instrumentals"] = "instrumental",
        ["cover"] = "cover",
        ["covers"] = "cover",
        ["tribute"] = "tribute",
        ["demo"] = "demo",
        ["demos"] = "demo",
        ["rehearsal"] = "demo",
        ["edit"] = "edit",
        ["extended"] = "extended",
        ["reprise"] = "reprise",
        ["orchestral"] = "orchestral",
        ["acapella"] = "a cappella",
        ["acappella"] = "a cappella",
        ["slowed"] = "slowed",
        ["nightcore"] = "nightcore",
        ["sped"] = "sped up",
        ["8d"] = "8d",
    };

    // In a folder's name these words apply to all of its files; the others are too common there.
    private static readonly HashSet<string> TellingInFolders = ["live", "remix", "acoustic", "karaoke", "instrumental", "tribute", "demo", "unplugged"];

    public static IReadOnlySet<string> In(string text) =>
        TitleText.Words(Harmless().Replace(text, " "))
            .Select(word => Known.GetValueOrDefault(word))
            .OfType<string>()
            .ToHashSet();

    public static IReadOnlySet<string> InFolder(string text) => In(text).Where(TellingInFolders.Contains).ToHashSet();

    /// <summary>Only in the version part of a title: in brackets or behind a dash. “Live and Let Die” is no live recording.</summary>
    public static IReadOnlySet<string> Declared(string title) =>
        Places().Matches(title).SelectMany(place => In(place.Value)).ToHashSet();

    /// <summary>The title without brackets and suffixes that name only version, edition or year.</summary>
    public static string Stripped(string title)
    {
        var stripped = Places().Replace(title, place => IsOnlyDescription(place.Value) ? " " : place.Value);
        return string.IsNullOrWhiteSpace(stripped) ? title : stripped;
    }

    private static bool IsOnlyDescription(string text) => In(text).Count > 0 || Description().IsMatch(text);

    [GeneratedRegex(@"[\(\[][^\)\]]*[\)\]]|\s-\s[^-]*$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Places();

    [GeneratedRegex(@"\b(?:remaster(?:ed)?|version|edition|explicit|clean|mono|stereo|album|single|bonus|deluxe|anniversary|original|feat|ft|flac|mp3|320|web|cd\d?|24bit|16bit|hi-?res)\b|^[\(\[]\s*\d{4}\s*[\)\]]$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Description();

    [GeneratedRegex(@"\boriginal\s+mix\b|\bmix\s?tape\b|\bfront\s+cover\b|\balbum\s+mix\b", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Harmless();
}
