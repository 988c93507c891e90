using System.Text.RegularExpressions;

namespace Harmony.Jobs.Titles;

/// <summary>The parts of a peer's path: folders above, the album's folder, the file's name without track number and extension.</summary>
internal sealed partial record RemotePath(IReadOnlyList<string> Folders, string AlbumFolder, string Stem, string FullStem, string Extension)
{
    public static RemotePath Parse(string filename)
    {
        var parts = filename.Split(['\\', '/'], StringSplitOptions.RemoveEmptyEntries);
        var name = parts.Length == 0 ? "" : parts[^1];
        var dot = name.LastIndexOf('.');
        var stem = (dot > 0 ? name[..dot] : name).Replace('_', ' ');
        var folders = parts.Length > 1 ? parts[..^1] : [];
        var album = folders.LastOrDefault(folder => !DiscFolder().IsMatch(folder)) ?? "";
        return new RemotePath(folders, album, TrackNumber().Replace(stem, ""), stem, dot > 0 ? name[(dot + 1)..].ToLowerInvariant() : "");
    }

    public static bool IsUnsafe(string filename) =>
        filename.Length == 0
        || filename.Any(char.IsControl)
        || filename.Split('\\', '/').Any(part => part is "." or "..");

    [GeneratedRegex(@"^(?:cd|disc|disk|vol|volume|side)\s*[\da-d]{1,2}\b", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex DiscFolder();

    // 01 - , 1-03. , A1 , (07) ; a name that is only a number keeps it.
    [GeneratedRegex(@"^\s*[\(\[]?(?:\d{1,2}[-.])?(?:[A-D]?\d{1,3})[\)\]]?(?:\s*[-._)]\s*|\s+)(?=\S)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex TrackNumber();
}
