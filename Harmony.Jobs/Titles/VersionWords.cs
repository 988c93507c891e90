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
        ["boosted"] = "boosted",
        ["reverb"] = "reverb",
        ["rerecorded"] = "new recording",
        ["medley"] = "medley",
        ["snippet"] = "snippet",
        ["preview"] = "preview",
        ["commentary"] = "commentary",
    };

    private const string NamedVersion = "version ";

    // In a folder's name these words apply to all of its files; the others are too common there.
    private static readonly HashSet<string> TellingInFolders = ["live", "remix", "acoustic", "karaoke", "instrumental", "tribute", "demo", "unplugged"];

    // These apply to all files below a folder, not only to those in it.
    private static readonly HashSet<string> TellingFarAbove = ["karaoke", "tribute"];

    // “Album version” and the like name the usual recording.
    private static readonly HashSet<string> UsualVersions =
        ["album", "single", "original", "main", "full", "standard", "lp", "ep", "cd", "explicit", "clean", "mono", "stereo", "remaster", "remastered", "bonus", "deluxe", "length", "the"];

    public static IReadOnlySet<string> In(string text) =>
        TitleText.Words(Harmless().Replace(text, " "))
            .Select(word => Known.GetValueOrDefault(word))
            .OfType<string>()
            .Concat(Named(text))
            .ToHashSet();

    public static IReadOnlySet<string> InFolder(string text) =>
        In(text).Where(word => TellingInFolders.Contains(word) || word.StartsWith(NamedVersion, StringComparison.Ordinal)).ToHashSet();

    /// <summary>Of folders above the album's.</summary>
    public static IReadOnlySet<string> FarAbove(string text) => In(text).Where(TellingFarAbove.Contains).ToHashSet();

    // “(Piano Version)”, “(Taylor's Version)”: a recording of its own, whatever its name.
    private static IEnumerable<string> Named(string text) =>
        Brackets().Matches(text)
            .Select(place => TitleText.Words(place.Value))
            .Where(words => words.Length > 1 && words[^1] == "version")
            .Select(words => string.Join(' ', words[..^1].Where(word => !UsualVersions.Contains(word) && !word.All(char.IsDigit) && !Known.ContainsKey(word))))
            .Where(name => name.Length > 0)
            .Select(name => NamedVersion + name);

    /// <summary>Only in the version part of a title: in brackets or behind a dash. “Live and Let Die” is no live recording.</summary>
    public static IReadOnlySet<string> Declared(string title) =>
        Places().Matches(title).SelectMany(place => In(place.Value)).ToHashSet();

    /// <summary>The title without brackets and suffixes that name only version, edition or year.</summary>
    public static string Stripped(string title)
    {
        var stripped = Places().Replace(title, place => IsOnlyDescription(place.Value) ? " " : place.Value);
        return string.IsNullOrWhiteSpace(stripped) ? title : stripped;
    }

    /// <summary>How often the words of a text mean this version.</summary>
    public static int CountOf(string version, string text) => TitleText.Words(text).Count(word => Known.GetValueOrDefault(word) == version);

    private static bool IsOnlyDescription(string text) => In(text).Count > 0 || Description().IsMatch(text);

    [GeneratedRegex(@"[\(\[][^\)\]]*[\)\]]|\s-\s[^-]*$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Places();

    [GeneratedRegex(@"[\(\[][^\)\]]*[\)\]]", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Brackets();

    [GeneratedRegex(@"\b(?:remaster(?:ed)?|version|edition|explicit|clean|mono|stereo|album|single|bonus|deluxe|anniversary|original|feat|ft|flac|mp3|320|web|cd\d?|24bit|16bit|hi-?res)\b|^[\(\[]\s*\d{4}\s*[\)\]]$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Description();

    [GeneratedRegex(@"\boriginal\s+mix\b|\bmix\s?tape\b|\bfront\s+cover\b|\balbum\s+mix\b", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Harmless();
}
