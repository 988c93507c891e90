using System.Runtime.InteropServices;

namespace Harmony.Jobs.Files;

/// <summary>
/// Guarantees that <see cref="File"/> does not give: bytes and names have reached the disk, and a rename is one step.
/// .NET's own move copies across devices and overwrites in two steps.
/// </summary>
internal static class DurableFile
{
    private const int OpenReadOnlyFolder = 0x10000 | 0x80000; // O_DIRECTORY | O_CLOEXEC
    private const int HereAndNow = -100; // AT_FDCWD
    private const uint NoReplace = 1;
    private const int Exists = 17;
    private const int CrossDevice = 18;
    private const int InvalidArgument = 22;
    private const int NoSuchCall = 38;

    public enum Renamed
    {
        Done,
        TargetExists,
        OtherDevice,
    }

    public static void SyncFile(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        RandomAccess.FlushToDisk(file);
    }

    /// <summary>A new or changed name is durable only once its folder is.</summary>
    public static void SyncFolder(string path)
    {
        if (!OperatingSystem.IsLinux())
            return;

        var folder = OpenPath(path, OpenReadOnlyFolder);
        if (folder < 0)
            throw Failure("open", path);

        var synced = SyncDescriptor(folder);
        var error = Marshal.GetLastPInvokeError();
        _ = CloseDescriptor(folder);
        // Some network file systems do not support fsync of folders, and return EINVAL.
        if (synced != 0 && error != InvalidArgument)
            throw new IOException($"fsync of {path} failed: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    /// <summary>One step, replacing an existing file.</summary>
    public static Renamed Replace(string from, string to)
    {
        if (!OperatingSystem.IsLinux())
        {
            File.Move(from, to, overwrite: true);
            return Renamed.Done;
        }

        return RenamePath(from, to) == 0 ? Renamed.Done : Outcome(from);
    }

    /// <summary>One step, and never over another file.</summary>
    public static Renamed RenameNew(string from, string to)
    {
        if (!OperatingSystem.IsLinux())
        {
            if (File.Exists(to))
                return Renamed.TargetExists;

            File.Move(from, to, overwrite: false);
            return Renamed.Done;
        }

        if (RenamePathTo(HereAndNow, from, HereAndNow, to, NoReplace) == 0)
            return Renamed.Done;

        // Some file systems do not support a rename without replacing: there, a check before the rename is the best possible.
        if (Marshal.GetLastPInvokeError() is InvalidArgument or NoSuchCall)
            return File.Exists(to) ? Renamed.TargetExists : Replace(from, to);

        return Outcome(from);
    }

    private static Renamed Outcome(string from) => Marshal.GetLastPInvokeError() switch
    {
        Exists => Renamed.TargetExists,
        CrossDevice => Renamed.OtherDevice,
        _ => throw Failure("rename", from),
    };

    private static IOException Failure(string call, string path)
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException($"{call} of {path} failed: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int OpenPath([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SyncDescriptor(int descriptor);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int CloseDescriptor(int descriptor);

    [DllImport("libc", EntryPoint = "rename", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int RenamePath(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string from,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string to);

    [DllImport("libc", EntryPoint = "renameat2", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int RenamePathTo(
        int fromFolder,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string from,
        int toFolder,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string to,
        uint flags);
}
