using System.Globalization;

namespace Harmony.Jobs.Files;

/// <summary>Decides whether a disk has room for a file beside what must stay free.</summary>
/// <param name="keptMb">The megabytes that must stay free; 0: there is always room.</param>
/// <param name="read">Returns the free bytes of the disk that holds a folder.</param>
public sealed class FreeSpace(int keptMb, Func<string, long> read)
{
    private const long Mb = 1024 * 1024;

    public FreeSpace(int keptMb)
        : this(keptMb, ReadFreeBytes)
    {
    }

    public bool IsChecked => keptMb > 0;

    /// <summary>Null when there is room, otherwise a sentence with the figures.</summary>
    public string? ShortageOf(string folder, long bytes = 0)
    {
        if (!IsChecked)
            return null;

        var left = read(folder);
        if (left - bytes >= keptMb * Mb)
            return null;

        var file = bytes >= Mb ? string.Create(CultureInfo.InvariantCulture, $" for a file of {bytes / Mb:N0} MB") : "";
        return string.Create(CultureInfo.InvariantCulture, $"{folder} has {Shown(left)}{file}, {keptMb:N0} are kept free: free some space or set MIN_FREE_DISK_MB");
    }

    /// <summary>The figure for people.</summary>
    public static string LeftOn(string folder) => Shown(ReadFreeBytes(folder));

    private static string Shown(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / Mb:N0} MB left");

    private static long ReadFreeBytes(string folder)
    {
        // A folder that does not exist yet will be on the disk of its nearest parent.
        var existing = new DirectoryInfo(folder);
        while (!existing.Exists && existing.Parent is { } parent)
            existing = parent;
        return new DriveInfo(existing.FullName).AvailableFreeSpace;
    }
}
