using System.Globalization;
using Harmony.Data.Downloads;
using Harmony.Jobs.Files;
using Harmony.Orchestrator;

namespace Harmony.Jobs.Downloads;

/// <summary>The folders of a download's files: slskd's finished file, and the copy for tagging.</summary>
internal sealed class DownloadFolders(DownloadOptions options)
{
    /// <summary>A dedicated folder for each try, relative to slskd's downloads: every file in it belongs to that request.</summary>
    public static string DestinationOf(long downloadId, int attempt) =>
        string.Create(CultureInfo.InvariantCulture, $"harmony/{downloadId}-{attempt}");

    /// <summary>The one file that slskd put there, or null before that.</summary>
    public string? FindLanded(string destination)
    {
        var folder = FolderOf(destination);
        if (!Directory.Exists(folder))
            return null;

        RefuseLink(new DirectoryInfo(folder));
        var file = new DirectoryInfo(folder).EnumerateFiles().OrderBy(f => f.Name, StringComparer.Ordinal).FirstOrDefault();
        if (file is null)
            return null;

        RefuseLink(file);
        return file.FullName;
    }

    public string TaggedCopyOf(Download row) =>
        Path.Combine(TemporaryFolder, row.Id.ToString(CultureInfo.InvariantCulture) + SuffixOf(row.LandedPath ?? row.Filename ?? ""));

    public string TemporaryFolder => Path.Combine(Path.GetFullPath(options.MusicDir), ".harmony", "tmp");

    /// <summary>Deletes the file that slskd delivered for this request.</summary>
    public void DeleteLanded(Download row)
    {
        if (row.Destination is { } destination)
            DeleteLanded(destination);
    }

    public void DeleteLanded(string destination)
    {
        var folder = FolderOf(destination);
        if (Directory.Exists(folder))
        {
            RefuseLink(new DirectoryInfo(folder));
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Deletes copies of killed runs; a run that needs one makes it again.</summary>
    public int DeleteCopiesBefore(DateTimeOffset time)
    {
        var folder = new DirectoryInfo(TemporaryFolder);
        var old = folder.Exists ? folder.EnumerateFiles().Where(f => f.LastWriteTimeUtc < time.UtcDateTime).ToList() : [];
        old.ForEach(f => f.Delete());
        return old.Count;
    }

    public void DeleteTaggedCopy(Download row) => File.Delete(TaggedCopyOf(row));

    // The peer's name is a claim: an MP3 that is called .flac is shelved as .mp3.
    private static string SuffixOf(string path)
    {
        var claimed = Path.GetExtension(path).ToLowerInvariant();
        return File.Exists(path) && AudioContainer.Of(path) is { } format ? AudioContainer.SuffixOf(format, claimed) : claimed;
    }

    private string FolderOf(string destination)
    {
        var root = Path.GetFullPath(Path.Combine(options.DownloadsDir, "harmony"));
        var folder = Path.GetFullPath(Path.Combine(options.DownloadsDir, destination));
        return folder.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? folder
            : throw Unsafe($"{destination} leads out of {root}");
    }

    // A link in slskd's folder could make us read, tag or delete any file of the machine.
    private static void RefuseLink(FileSystemInfo entry)
    {
        if (entry.LinkTarget is not null)
            throw Unsafe($"{entry.FullName} is a symbolic link");
    }

    private static PermanentJobException Unsafe(string sentence) => new("unsafe_path", sentence);
}
