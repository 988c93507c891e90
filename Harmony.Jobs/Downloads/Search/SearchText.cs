using System.Text;
using System.Text.RegularExpressions;
using Harmony.Jobs.Titles;

namespace Harmony.Jobs.Downloads.Search;

/// <summary>
/// Words for a Soulseek search. Each word must occur in a peer's path, so only common words are used:
/// no editions, no guests, no punctuation; a leading minus would exclude.
/// </summary>
internal static partial class SearchText
{
    private const int MaxLength = 250;

    public static string ForRelease(string artist, string album) => Joined(artist, Edition().Replace(album, " "));

    public static string ForTrack(string artist, string title) => Joined(artist, Guests().Replace(title, " "));

    private static string Joined(string artist, string work)
    {
        var words = Words(artist).Concat(Words(work)).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        var text = new StringBuilder();
        foreach (var word in words.Where(word => text.Length + word.Length < MaxLength))
            text.Append(text.Length == 0 ? "" : " ").Append(word);

        return text.ToString();
    }

    private static string[] Words(string text)
    {
        var spaced = string.Concat(
            TitleText.WellFormed(text).Normalize(NormalizationForm.FormC).EnumerateRunes().Select(rune =>
                Rune.IsLetterOrDigit(rune) || IsMark(rune) ? rune.ToString() : " "));
        return spaced.Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    private static bool IsMark(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark;

    [GeneratedRegex(@"[\(\[][^\)\]]*\b(?:deluxe|edition|remaster(?:ed)?|expanded|anniversary|bonus|version|explicit|reissue|ep|single)\b[^\)\]]*[\)\]]|\s-\s(?:single|ep|remaster(?:ed)?(?:\s\d{4})?|\d{4}\sremaster(?:ed)?)\s*$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Edition();

    [GeneratedRegex(@"[\(\[]\s*(?:feat|ft|featuring|with|explicit|clean|remaster(?:ed)?|\d{4}\sremaster(?:ed)?)\b[^\)\]]*[\)\]]|\s(?:feat\.?|ft\.|featuring)\s.*$|\s-\s(?:remaster(?:ed)?(?:\s\d{4})?|\d{4}\sremaster(?:ed)?)\s*$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Guests();
}
