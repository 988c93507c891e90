namespace Harmony.Jobs.Titles;

/// <summary>One spelling for numbers and parts of works: “Pt. II”, “Part Two” and “part 2” are the same.</summary>
internal static class NumberWords
{
    private static readonly Dictionary<string, string> Canon = new(StringComparer.Ordinal)
    {
        ["one"] = "1",
        ["two"] = "2",
        ["three"] = "3",
        ["four"] = "4",
        ["five"] = "5",
        ["six"] = "6",
        ["seven"] = "7",
        ["eight"] = "8",
        ["nine"] = "9",
        ["ten"] = "10",
        ["ii"] = "2",
        ["iii"] = "3",
        ["iv"] = "4",
        ["vi"] = "6",
        ["vii"] = "7",
        ["viii"] = "8",
        ["ix"] = "9",
        ["xi"] = "11",
        ["xii"] = "12",
        ["pt"] = "part",
        ["pts"] = "part",
        ["parts"] = "part",
        ["vol"] = "volume",
        ["no"] = "number",
        ["nr"] = "number",
    };

    // A single letter is a numeral only behind one of these.
    private static readonly Dictionary<string, string> Letters = new(StringComparer.Ordinal) { ["i"] = "1", ["v"] = "5", ["x"] = "10" };

    /// <param name="normalised">A text of <see cref="TitleText.Normalise"/>.</param>
    public static string Canonical(string normalised)
    {
        var words = normalised.Split(' ');
        for (var at = 0; at < words.Length; at++)
        {
            if (Canon.TryGetValue(words[at], out var usual))
                words[at] = usual;
            else if (at > 0 && words[at - 1] is ("part" or "volume" or "number") && Letters.TryGetValue(words[at], out var number))
                words[at] = number;
        }

        return string.Join(' ', words);
    }
}
