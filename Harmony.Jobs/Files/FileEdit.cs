using System.Security.Cryptography;
using System.Text;

namespace Harmony.Jobs.Files;

/// <summary>Changes a file of the library through a copy: readers see the old file or the new one, never a partial one.</summary>
internal sealed class FileEdit(string root)
{
    private const int BufferBytes = 256 * 1024;

    /// <summary>The same folder for all our copies, on the library's own disk so that a rename is enough.</summary>
    public string TempFolder { get; } = Path.Combine(root, ".harmony", "tmp");

    /// <summary>One editor per file at a time: callers hold their own lock.</summary>
    public async Task ReplaceAsync(string path, Action<string> editTempCopy, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(TempFolder);
        var copy = Path.Combine(TempFolder, NameFor(path));
        try
        {
            await CopyAsync(path, copy, cancellationToken);
            editTempCopy(copy);
            cancellationToken.ThrowIfCancellationRequested();
            PutInPlace(copy, path);
        }
        finally
        {
            File.Delete(copy);
        }
    }

    // Named after the file, so that the next run overwrites the copy of a killed run, which would stay for ever otherwise.
    private static string NameFor(string path) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(path))))[..32] + Path.GetExtension(path);

    private static void PutInPlace(string copy, string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(copy, File.GetUnixFileMode(path));

        DurableFile.SyncFile(copy);
        if (DurableFile.Replace(copy, path) == DurableFile.Renamed.OtherDevice)
            ReplaceAcross(copy, path, folder);

        DurableFile.SyncFolder(folder);
    }

    // This part of the library is on another disk: the copy has to move there before the rename.
    private static void ReplaceAcross(string copy, string path, string folder)
    {
        var beside = Path.Combine(folder, $".harmony-{Path.GetFileNameWithoutExtension(copy)}.part");
        try
        {
            File.Copy(copy, beside, overwrite: true);
            DurableFile.SyncFile(beside);
            DurableFile.Replace(beside, path);
        }
        finally
        {
            File.Delete(beside);
        }
    }

    private static async Task CopyAsync(string from, string to, CancellationToken cancellationToken)
    {
        await using var source = new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes, useAsync: true);
        await using var target = new FileStream(to, FileMode.Create, FileAccess.Write, FileShare.None, BufferBytes, useAsync: true);
        await source.CopyToAsync(target, cancellationToken);
    }
}
