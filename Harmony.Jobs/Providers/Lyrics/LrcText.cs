using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Harmony.Jobs.Providers.Lyrics;

/// <summary>
/// Cleans lyrics for writing, or refuses them. Synced text becomes a <c>.lrc</c> beside the file, plain text goes into the tags.
/// Plain text never becomes a <c>.lrc</c>: a line without a stamp is invalid in that format, players handle it differently,
/// and the stamps would be invented.
/// </summary>
internal static partial class LrcText
{
    private const int MaxChars = 100_000;
    private const int MaxLines = 5_000;

    // The stamp of the last line may be a moment after the end when another pressing is longer.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(2);

    /// <summary>Null when no part is usable. Plain text is made from synced text when only that was given.</summary>
    public static Lyrics? Clean(Lyrics lyrics, TimeSpan? duration)
    {
        var synced = lyrics.Instrumental ? null : Synced(lyrics.Synced, duration);
        var plain = lyrics.Instrumental ? null : Plain(lyrics.Plain) ?? Plain(synced);
        return synced is null && plain is null && !lyrics.Instrumental
            ? null
            : lyrics with { Synced = synced, Plain = plain };
    }

    /// <summary>One stamp per line, in order, as <c>[mm:ss.xx]</c>; null when it is no LRC, is markup or binary, or belongs to a longer recording.</summary>
    public static string? Synced(string? text, TimeSpan? duration)
    {
        if (Readable(text) is not { } readable)
            return null;

        var offset = Offset(readable);
        var lines = readable.Split('\n').Take(MaxLines).SelectMany(line => Stamped(line, offset)).ToList();
        var inside = duration is { } end ? lines.Where(line => line.At <= end + Slack).ToList() : lines;
        // Mostly after the end: the lyrics belong to another recording, and the remaining lines would be out of step.
        return inside.Count == 0 || inside.Count * 2 < lines.Count
            ? null
            : string.Concat(inside.OrderBy(line => line.At).Take(MaxLines).Select(Written));
    }

    public static string? Plain(string? text)
    {
        if (Readable(text) is not { } readable)
            return null;

        var lines = readable.Split('\n').Take(MaxLines).Select(line => Stamp().Replace(line, "").TrimEnd());
        var joined = BlankRun().Replace(string.Join('\n', lines), "\n\n").Trim('\n', ' ');
        return joined.Length == 0 ? null : joined;
    }

    private static string? Readable(string? text)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > MaxChars)
            return null;

        var lines = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').TrimStart('\uFEFF');
        return IsText(lines) && !Markup().IsMatch(lines) ? lines.Normalize(NormalizationForm.FormC) : null;
    }

    private static bool IsText(string text) =>
        text.EnumerateRunes().All(rune =>
            rune != Rune.ReplacementChar && (!Rune.IsControl(rune) || rune.Value is '\n' or '\t'));

    private static TimeSpan Offset(string text) =>
        OffsetTag().Match(text) is { Success: true } tag
        && int.TryParse(tag.Groups["ms"].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var milliseconds)
        && Math.Abs(milliseconds) <= 60_000
            ? TimeSpan.FromMilliseconds(milliseconds)
            : TimeSpan.Zero;

    private static IEnumerable<(TimeSpan At, string Words)> Stamped(string line, TimeSpan offset)
    {
        var rest = line.Trim();
        var stamps = new List<TimeSpan>();
        while (Stamp().Match(rest) is { Success: true } stamp)
        {
            if (At(stamp) is { } at)
                stamps.Add(at);

            rest = rest[stamp.Length..].TrimStart();
        }

        // A positive offset means that the line is shown earlier.
        return stamps.Select(at => (at - offset < TimeSpan.Zero ? TimeSpan.Zero : at - offset, rest.Trim()));
    }

    private static TimeSpan? At(Match stamp)
    {
        var minutes = int.Parse(stamp.Groups["minutes"].ValueSpan, CultureInfo.InvariantCulture);
        var seconds = int.Parse(stamp.Groups["seconds"].ValueSpan, CultureInfo.InvariantCulture);
        var fraction = stamp.Groups["fraction"].Success ? double.Parse($"0.{stamp.Groups["fraction"].ValueSpan}", CultureInfo.InvariantCulture) : 0;
        return seconds < 60 ? new TimeSpan(0, minutes, seconds) + TimeSpan.FromSeconds(fraction) : null;
    }

    private static string Written((TimeSpan At, string Words) line)
    {
        var hundredths = (long)Math.Round(line.At.TotalMilliseconds / 10);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"[{hundredths / 6000:00}:{hundredths / 100 % 60:00}.{hundredths % 100:00}]{(line.Words.Length == 0 ? "" : " ")}{line.Words}\n");
    }

    [GeneratedRegex(@"^\[(?<minutes>\d{1,3}):(?<seconds>\d{2})(?:[.:](?<fraction>\d{1,3}))?\]", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Stamp();

    [GeneratedRegex(@"^\[offset:\s*(?<ms>[+-]?\d{1,6})\s*\]", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.Multiline, 1000)]
    private static partial Regex OffsetTag();

    // Word stamps (<00:12.34>) and hearts (<3) are no markup.
    [GeneratedRegex(@"<\s*[/!?]?\s*[a-z]", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Markup();

    [GeneratedRegex(@"\n{3,}", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex BlankRun();
}
