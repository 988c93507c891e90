using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using FuzzySharp;

namespace Harmony.Jobs.Titles;

/// <summary>Normalises titles, artists and file names, so that spelling does not matter and words do.</summary>
internal static partial class TitleText
{
    /// <summary>Lower case words without marks and punctuation, one space between them; the guests of a track are removed.</summary>
    public static string Normalise(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var rune in Featured().Replace(WellFormed(text), " ").Normalize(NormalizationForm.FormKD).EnumerateRunes())
        {
            plain.Append(rune switch
            {
                { Value: 'ß' or 'ẞ' } => "ss",
                { Value: 'ø' or 'Ø' } => "o",
                { Value: 'æ' or 'Æ' } => "ae",
                { Value: 'ł' or 'Ł' } => "l",
                { Value: '&' } => " and ",
                // An apostrophe joins: don't is one word in every spelling.
                { Value: '\'' or '\u2019' or '\u2018' or '`' or '\u00B4' } => "",
                // The marks of kana make another letter.
                { Value: 0x3099 or 0x309A } => rune.ToString(),
                _ when Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.Format => "",
                _ when Rune.IsLetterOrDigit(rune) => Rune.ToLowerInvariant(rune).ToString(),
                _ => " ",
            });
        }

        var words = Spaces().Replace(plain.ToString(), " ").Trim();
        // A title of signs only (“!!!”, “+”) is still a title.
        return words.Length > 0 ? words : text.Trim().ToLowerInvariant();
    }

    public static string[] Words(string text) => Normalise(text).Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>0 to 1.</summary>
    public static double Similarity(string one, string other) => NormalisedSimilarity(Normalise(one), Normalise(other));

    public static double NormalisedSimilarity(string one, string other)
    {
        if (one.Length == 0 || other.Length == 0)
            return 0;

        return one == other ? 1 : Fuzz.Ratio(one, other) / 100.0;
    }

    /// <summary>Unpaired surrogates make Unicode normalisation throw.</summary>
    public static string WellFormed(string text) =>
        Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    [GeneratedRegex(@"[\(\[]\s*(?:feat|ft|featuring|with)\b\.?[^\)\]]*[\)\]]|\s(?:feat\.?|ft\.|featuring)\s.*?(?=\s+-\s|[\(\[]|$)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Featured();

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Spaces();
}
