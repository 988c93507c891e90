using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Harmony.Jobs.Ingest;

/// <summary>A posted line: <c>Artist - Title (Album) [h:]mm:ss</c>, with any of three dashes; album and length may be missing. Pure.</summary>
internal sealed partial record TrackLine(string Artist, string Title, string? Album, int? DurationSec)
{
    private const int LongestLine = 1000;

    public static TrackLine? Parse(string? line)
    {
        if (line is null || line.Length > LongestLine || Form().Match(line.Replace('\0', ' ').Trim()) is not { Success: true } match)
            return null;

        return new TrackLine(
            match.Groups["artist"].Value.Trim(),
            match.Groups["title"].Value.Trim(),
            match.Groups["album"] is { Success: true } album ? album.Value.Trim() : null,
            match.Groups["minutes"].Success ? Seconds(match) : null);
    }

    /// <summary>The same track in other letters is the same track.</summary>
    public string DedupeHash => Convert.ToHexStringLower(Hash(
        string.Join('\u001f', Artist, Title, Album ?? "", DurationSec?.ToString(CultureInfo.InvariantCulture) ?? "").ToLowerInvariant()));

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    private static int Seconds(Match match) =>
        (Number(match, "hours") * 3600) + (Number(match, "minutes") * 60) + Number(match, "seconds");

    private static int Number(Match match, string group) =>
        match.Groups[group].Success ? int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(
        """
        ^(?<artist>\S(?:.*?\S)??)\s+[-–—]\s+
        (?<title>\S(?:.*?\S)??)
        (?:\s+\((?<album>[^()]+)\))?
        (?:\s+(?:(?<hours>\d{1,2}):)?(?<minutes>\d{1,2}):(?<seconds>[0-5]\d))?$
        """,
        RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant,
        1000)]
    private static partial Regex Form();
}
