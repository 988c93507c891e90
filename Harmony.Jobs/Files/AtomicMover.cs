using System.Security.Cryptography;
using System.Text;

namespace Harmony.Jobs.Files;

/// <summary>Moves a finished file onto its shelf: completely or not at all, even when the process is killed, and never over another file.</summary>
internal static class AtomicMover
{
    private const int MaxNames = 100;

    /// <summary>The path of the file now: <paramref name="to"/>, or a numbered name beside it when another file had the name.</summary>
    public static string Move(string from, string to)
    {
        if (Path.GetFullPath(from) == Path.GetFullPath(to))
            return to;

        var folder = Path.GetDirectoryName(Path.GetFullPath(to))!;
        CreateFolder(folder);
        DurableFile.SyncFile(from);
        for (var number = 1; number <= MaxNames; number++)
        {
            var target = number == 1 ? to : Numbered(to, number);
            if (TryMove(from, target, folder))
                return target;
        }

        throw new IOException($"{to} and {MaxNames - 1} numbered names beside it are taken");
    }

    private static bool TryMove(string from, string target, string folder)
    {
        if (!File.Exists(target))
        {
            var renamed = DurableFile.RenameNew(from, target);
            if (renamed == DurableFile.Renamed.OtherDevice)
                renamed = CopyAcross(from, target, folder);

            if (renamed == DurableFile.Renamed.Done)
            {
                DurableFile.SyncFolder(folder);
                RemoveSource(from);
                return true;
            }
        }

        // Our own file from a run that was stopped after the rename and before it could record it.
        if (HasSameContent(from, target))
        {
            DurableFile.SyncFolder(folder);
            RemoveSource(from);
            return true;
        }

        return false;
    }

    private static DurableFile.Renamed CopyAcross(string from, string target, string folder)
    {
        // Named after the source, so that the next run overwrites the copy of a killed run, which would stay for ever otherwise.
        var copy = Path.Combine(folder, $".harmony-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(from))))[..16]}.part");
        try
        {
            File.Copy(from, copy, overwrite: true);
            DurableFile.SyncFile(copy);
            return DurableFile.RenameNew(copy, target);
        }
        finally
        {
            File.Delete(copy);
        }
    }

    private static void RemoveSource(string from)
    {
        File.Delete(from);
        var folder = Path.GetDirectoryName(Path.GetFullPath(from))!;
        if (Directory.Exists(folder))
            DurableFile.SyncFolder(folder);
    }

    private static void CreateFolder(string folder)
    {
        var missing = new Stack<string>();
        for (var at = folder; at is not null && !Directory.Exists(at); at = Path.GetDirectoryName(at))
            missing.Push(at);

        foreach (var made in missing)
        {
            Directory.CreateDirectory(made);
            DurableFile.SyncFolder(Path.GetDirectoryName(made)!);
        }
    }

    private static string Numbered(string path, int number) =>
        Path.Combine(Path.GetDirectoryName(path)!, $"{Path.GetFileNameWithoutExtension(path)} ({number}){Path.GetExtension(path)}");

    private static bool HasSameContent(string one, string other)
    {
        if (!File.Exists(other) || new FileInfo(one).Length != new FileInfo(other).Length)
            return false;

        using var first = File.OpenRead(one);
        using var second = File.OpenRead(other);
        return SHA256.HashData(first).AsSpan().SequenceEqual(SHA256.HashData(second));
    }
}
