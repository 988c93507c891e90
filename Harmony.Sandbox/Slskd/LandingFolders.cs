using Harmony.Sandbox.Faults;

namespace Harmony.Sandbox.Slskd;

/// <summary>Where bytes lie: a partial under incomplete/, a whole file under downloads/.</summary>
internal sealed class LandingFolders(string downloads, string incomplete, FaultBook faults)
{
    /// <summary>The folder the daemon is set to; with the fault one beside it, as after a mistake in its settings.</summary>
    public string Downloads => Directory.CreateDirectory(faults.IsInForce(FaultRule.OtherFolder, "*") ? downloads + "-other" : downloads).FullName;

    public string Incomplete => incomplete;

    public string PartialOf(Transfer transfer)
        => Path.Combine([incomplete, transfer.Username, .. Parts(transfer.Filename)]);

    public long PartialLength(Transfer transfer) => new FileInfo(PartialOf(transfer)) is { Exists: true } file ? file.Length : 0;

    public void Append(Transfer transfer, long until)
    {
        var path = PartialOf(transfer);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var file = new FileStream(path, FileMode.Append, FileAccess.Write);
        if (until > file.Length)
            file.Write(transfer.Content!, (int)file.Length, (int)(until - file.Length));
    }

    /// <summary>Moves the whole file; a taken name gets ticks behind it. Returns where it is now.</summary>
    public string Land(Transfer transfer, DateTimeOffset now)
    {
        var parts = Parts(transfer.Filename);
        var folder = Path.Combine(Downloads, transfer.Destination ?? (parts.Length > 1 ? parts[^2] : ""));
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, parts[^1]);
        if (File.Exists(path))
            path = Path.Combine(folder, $"{Path.GetFileNameWithoutExtension(path)}_{now.UtcTicks}{Path.GetExtension(path)}");
        File.Move(PartialOf(transfer), path);
        return path;
    }

    public void Forget()
    {
        if (Directory.Exists(incomplete))
            Directory.Delete(incomplete, recursive: true);
    }

    public static bool IsUnsafe(string path, params ReadOnlySpan<char> separators)
    {
        foreach (var part in path.Split(separators.ToArray()))
        {
            if (part is "." or "..")
                return true;
        }
        return false;
    }

    private static string[] Parts(string filename) => filename.Split(['\\', '/'], StringSplitOptions.RemoveEmptyEntries);
}
