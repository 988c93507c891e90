using System.Text.RegularExpressions;

namespace Harmony.Jobs.Titles;

/// <summary>
/// How well a path names an artist: as a part of its own, between separators. A word of another name is none: “James” is not in “James Taylor”.
/// </summary>
internal sealed partial class ArtistMatch(string artist)
{
    private const int MostParts = 4;
    private const int ShortName = 5;

    // Signs that stand for a Latin letter in the names of bands.
    private static readonly Dictionary<char, char> Lookalikes = new() { ['Я'] = 'R', ['я'] = 'r', ['И'] = 'N', ['$'] = 's', ['!'] = 'i', ['†'] = 't' };

    private readonly string _artist = Plain(artist);

    /// <summary>0 to 1. In a compilation only the name of the file tells whose track it is.</summary>
    public double Of(RemotePath path)
    {
        if (_artist.Length == 0)
            return 1;

        IEnumerable<string> texts = path.Folders.Any(IsCompilation) ? [path.FullStem] : [.. path.Folders, path.FullStem];
        return texts.Max(text => (double?)Best(text)) ?? 0;
    }

    private double Best(string text)
    {
        var parts = Separators().Split(Spaced(text)).Select(Plain).Where(part => part.Length > 0).ToList();
        var best = 0.0;
        for (var from = 0; from < parts.Count; from++)
        {
            var joined = "";
            for (var to = from; to < parts.Count && to < from + MostParts; to++)
            {
                joined = joined.Length == 0 ? parts[to] : $"{joined} {parts[to]}";
                best = Math.Max(best, Alike(joined));
            }
        }

        return best;
    }

    private double Alike(string part)
    {
        if (part == _artist || Joined(part) == Joined(_artist) || Sorted(part) == Sorted(_artist))
            return 1;

        // Traditional and simplified characters: most of a name is the same.
        if (_artist.All(IsIdeograph))
            return TitleText.NormalisedSimilarity(_artist, part) >= 0.6 ? 1 : 0;

        // “Trio Erik Satie”: a whole name of several words within a longer part.
        if (_artist.Contains(' ', StringComparison.Ordinal) && $" {part} ".Contains($" {_artist} ", StringComparison.Ordinal))
            return 1;

        // A letter more makes another short name: Seal and Seals.
        return _artist.Length <= ShortName ? 0 : TitleText.NormalisedSimilarity(_artist, part);
    }

    private static bool IsIdeograph(char letter) => letter is >= '\u4E00' and <= '\u9FFF';

    private static string Joined(string words) => words.Replace(" ", "", StringComparison.Ordinal);

    // “Bowie, David”.
    private static string Sorted(string words) => string.Join(' ', words.Split(' ').Order(StringComparer.Ordinal));

    // Scene names have no spaces: their words are separated by the signs that separate parts elsewhere.
    private static string Spaced(string text) => text.Contains(' ', StringComparison.Ordinal) ? text : text.Replace("-", " - ", StringComparison.Ordinal).Replace('_', ' ').Replace('.', ' ');

    private static bool IsCompilation(string folder) => Compilation().IsMatch(folder);

    // Only between Latin letters: KoЯn and P!nk, and not Ария or Wham!.
    private static string Latin(string text) => string.Concat(text.Select((letter, at) =>
        at > 0 && at < text.Length - 1 && char.IsAsciiLetter(text[at - 1]) && char.IsAsciiLetter(text[at + 1]) ? Lookalikes.GetValueOrDefault(letter, letter) : letter));

    // “The” and “and” are often left out.
    private static string Plain(string text) =>
        string.Join(' ', TitleText.Normalise(Latin(text)).Split(' ').Where(word => word is not ("the" or "and")));

    [GeneratedRegex(@"\s+[-–—~]\s+|[_()\[\]{},;&+/]|\s+(?:feat|ft|featuring|with|vs|x|and|presents|et|und|y|и)\b\.?\s*|^\s*[A-H]?\d{1,3}[.)\s-]+|(?<=\S)\s*-\s+|\s+-(?=\S)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Separators();

    [GeneratedRegex(@"^(?:va|v\.a\.?|various(?:\s+artists)?)(?:$|[\s_-])", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Compilation();
}
