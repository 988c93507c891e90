using System.Globalization;

namespace Harmony.Sandbox.Catalog;

/// <summary>
/// Ids of the further artists and of all that is theirs: each begins with the artist's number, so that one artist can be made
/// without the others.
/// </summary>
internal static class FurtherIds
{
    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private const string UniformMark = "5kuniform";

    /// <summary>The n-th of the artists that are all alike.</summary>
    public static string Uniform(int n) => UniformMark + n.ToString("D13", CultureInfo.InvariantCulture);

    public static int? UniformNumber(string id) => id.Length == 22 && id.StartsWith(UniformMark, StringComparison.Ordinal)
        && int.TryParse(id.AsSpan(UniformMark.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : null;

    public static string Of(char kind, int number, Dice dice) => $"7{kind}{Short(number)}{dice.Base62(16)}";

    public static int? Number(string id) => id.Length == 22 && id[0] == '7' ? Long(id.AsSpan(2, 4)) : null;

    /// <summary>A registrant of its own for each artist, so that codes never meet.</summary>
    public static string Isrc(int number, int year, int track) => string.Create(CultureInfo.InvariantCulture, $"ZZ{Short(number)[1..]}{year:D2}{track:D5}");

    public static int? NumberOfIsrc(string isrc) => isrc.Length == 12 && isrc.StartsWith("ZZ", StringComparison.OrdinalIgnoreCase)
        ? Long(isrc.AsSpan(2, 3))
        : null;

    public static string Picture(int number, Dice dice) => $"{number:x5}{dice.Hex(19)}";

    public static int? NumberOfPicture(string hash) => hash.Length == 24
        && int.TryParse(hash.AsSpan(0, 5), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string Short(int number) => string.Create(4, number, static (span, left) =>
    {
        for (var i = span.Length - 1; i >= 0; i--, left /= Digits.Length)
            span[i] = Digits[left % Digits.Length];
    });

    private static int? Long(ReadOnlySpan<char> text)
    {
        var number = 0;
        foreach (var letter in text)
        {
            var digit = Digits.IndexOf(char.ToUpperInvariant(letter), StringComparison.Ordinal);
            if (digit < 0)
                return null;
            number = (number * Digits.Length) + digit;
        }
        return number;
    }
}
