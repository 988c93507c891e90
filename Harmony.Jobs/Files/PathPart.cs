using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Harmony.Jobs.Files;

/// <summary>Makes one folder or file name of any text: the same text always gives the same name, valid on every file system.</summary>
internal static partial class PathPart
{
    // Less than the limit of 255 bytes of file systems: leaves room for a number after the name.
    private const int MaxBytes = 240;

    public static string Clean(string text, string fallback)
    {
        var kept = new StringBuilder(text.Length);
        foreach (var rune in Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Normalize(NormalizationForm.FormC).EnumerateRunes())
            kept.Append(Kept(rune));

        var clean = Spaces().Replace(kept.ToString(), " ").Trim().TrimEnd('.', ' ');
        if (clean.Length == 0)
            return fallback;

        // Hidden names and names of devices are not allowed.
        return clean[0] == '.' || Reserved().IsMatch(clean) ? "_" + clean : clean;
    }

    /// <summary>Cut at a character, with a hash of the whole, so that two long names with the same beginning stay different.</summary>
    public static string Shorten(string name, string extension)
    {
        var room = MaxBytes - Encoding.UTF8.GetByteCount(extension);
        if (Encoding.UTF8.GetByteCount(name) <= room)
            return name + extension;

        var mark = "~" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..8];
        var cut = new StringBuilder();
        var used = mark.Length;
        foreach (var rune in name.EnumerateRunes())
        {
            used += rune.Utf8SequenceLength;
            if (used > room)
                break;

            cut.Append(rune.ToString());
        }

        return cut.ToString().TrimEnd(' ', '.') + mark + extension;
    }

    private static string Kept(Rune rune) => rune.Value switch
    {
        '/' or '\\' or ':' or '*' or '?' or '"' or '<' or '>' or '|' or 0xFFFD => "_",
        '\t' or '\n' or '\r' => " ",
        _ => Rune.GetUnicodeCategory(rune) switch
        {
            // Zero-width and direction marks make two different names look the same.
            UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned => "",
            UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator => " ",
            _ => rune.ToString(),
        },
    };

    [GeneratedRegex(@"^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:\s*\..*)?$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Reserved();

    [GeneratedRegex(@" {2,}", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Spaces();
}
