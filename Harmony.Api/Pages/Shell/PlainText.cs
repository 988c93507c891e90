using System.Text;
using Harmony.Orchestrator;

namespace Harmony.Api.Pages.Shell;

/// <summary>
/// Text from outside, made safe to show: bounded, terminal colours dropped, control and direction marks made visible, secrets masked.
/// HTML encoding is not done here; the renderer encodes every text.
/// </summary>
internal static class PlainText
{
    public static string Of(string? text, int most)
    {
        if (string.IsNullOrEmpty(text))
            return "";

        var shown = new StringBuilder(Math.Min(text.Length, most) + 16);
        for (var i = 0; i < text.Length && shown.Length < most; i++)
            i = Append(shown, text, i);

        // Half of a surrogate pair at the cut would print as a broken character.
        if (shown.Length > 0 && char.IsHighSurrogate(shown[^1]))
            shown.Length--;

        return Secrets.Scrub(shown.ToString());
    }

    public static bool IsCut(string? text, int most) => text is not null && text.Length > most;

    private static int Append(StringBuilder shown, string text, int i)
    {
        var c = text[i];
        switch (c)
        {
            case '\n' or '\t':
                shown.Append(c);
                return i;
            case '\r':
                shown.Append(i + 1 < text.Length && text[i + 1] == '\n' ? "" : "\n");
                return i;
            case '\u001b':
                return SkipEscape(text, i);
            case < ' ' or '\u007f':
                shown.Append((char)(c == '\u007f' ? 0x2421 : 0x2400 + c));
                return i;
            case (>= '\u0080' and <= '\u009f') or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069') or '\u200e' or '\u200f' or '\u2028' or '\u2029' or '\ufeff':
                shown.Append('‹').Append("U+").Append(((int)c).ToString("X4", System.Globalization.CultureInfo.InvariantCulture)).Append('›');
                return i;
            default:
                shown.Append(c);
                return i;
        }
    }

    /// <summary>The position after an ANSI sequence: ESC [ parameters letter. A lone ESC is dropped.</summary>
    private static int SkipEscape(string text, int i)
    {
        if (i + 1 >= text.Length || text[i + 1] != '[')
            return i;

        var end = i + 2;
        while (end < text.Length && text[end] is (>= '0' and <= '?') or (>= ' ' and <= '/'))
            end++;

        return Math.Min(end, text.Length - 1);
    }
}
