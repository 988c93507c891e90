namespace Harmony.Jobs.Titles;

/// <summary>How well a file's name contains a title, with any text around it: "Artist - Album - 03 - Title (2011 Remaster)".</summary>
internal sealed class TitleMatch(string artist, string title)
{
    private static readonly HashSet<string> Numerals = ["ii", "iii", "iv", "vi", "vii", "viii", "ix", "xi", "xii"];

    private readonly string _artist = TitleText.Normalise(artist);
    private readonly string _title = NumberWords.Canonical(TitleText.Normalise(VersionWords.Stripped(title)));

    public (double Similarity, bool NumberDiffers) Of(RemotePath path)
    {
        var (best, segment) = (0.0, "");
        // A leading number is mostly the track number, and sometimes part of the title (“99 Luftballons”).
        foreach (var text in Segments(path.Stem).Concat(Segments(path.FullStem)))
        {
            var similarity = TitleText.NormalisedSimilarity(_title, text);
            if (similarity > best)
                (best, segment) = (similarity, text);
        }

        return (best, !IsSameNumbers(_title, segment));
    }

    /// <summary>“Part 1” and “Part 2” are nearly the same text but different tracks.</summary>
    public static bool IsSameNumbers(string one, string other) => Numbers(one).SetEquals(Numbers(other));

    private IEnumerable<string> Segments(string stem)
    {
        var parts = stem.Split(" - ", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        for (var from = 0; from < parts.Length; from++)
        {
            var tail = string.Join(" - ", parts[from..]);
            foreach (var text in new[] { tail, VersionWords.Stripped(tail), IsLast(parts, from) ? parts[from] : "" })
            {
                var normal = TitleText.Normalise(text);
                yield return NumberWords.Canonical(normal);
                if (normal.StartsWith(_artist + " ", StringComparison.Ordinal))
                    yield return NumberWords.Canonical(normal[(_artist.Length + 1)..]);
            }
        }
    }

    // “Artist - Album - 07 - Title” names the album in the middle: only the last part is the title, or the one before the artist.
    private bool IsLast(string[] parts, int at) =>
        at == parts.Length - 1 || (at == parts.Length - 2 && TitleText.Normalise(parts[at + 1]).StartsWith(_artist, StringComparison.Ordinal));

    private static HashSet<string> Numbers(string normalised) =>
        normalised.Split(' ').Where(word => word.All(char.IsDigit) || Numerals.Contains(word)).ToHashSet();
}
