using Harmony.Api.Configuration;
using Harmony.Jobs.Providers.Slskd;

namespace Harmony.Api.Startup;

/// <summary>Proves with a file that slskd writes to the folder that Harmony reads: slskd must list it at the same place.</summary>
/// <param name="name">The key that names the folder.</param>
internal sealed class DownloadsProof(string name, string folder, SlskdInspection slskd)
{
    // Requests put their files below it.
    private const string Destinations = "harmony";

    public async Task<IReadOnlyList<Finding>> FindAsync(CancellationToken cancellationToken)
    {
        // Where the folder is missing it is left to slskd: slskd could not write into one that another user made.
        var below = Directory.Exists(Path.Combine(folder, Destinations)) ? Destinations : "";
        var probe = Path.Combine(below, $"harmony-selfcheck-{Guid.CreateVersion7():N}");
        if (await ListWithAsync(probe, cancellationToken) is not { } answer)
            return [Finding.Of(new(ExitCode.Directory, name, $"{Path.Combine(folder, below)} cannot be written.", "Give the user Harmony runs as the right to write there."))];
        if (answer.Fault is { } fault)
            return [Finding.Warning(name, $"it could not be proved that slskd writes to {folder}: {fault.Sentence}.")];

        var listed = answer.Value!;
        if (!listed.Contains(probe))
            return [Finding.Of(await ProblemAsync(listed.FirstOrDefault(path => Path.GetFileName(path) == Path.GetFileName(probe)), cancellationToken))];
        var seen = Finding.Ok(name, $"slskd sees a file that Harmony wrote to {folder}.");
        return Readable(listed.Where(path => path != probe)) is { } read ? [seen, read] : [seen];
    }

    // Null: the file cannot be written.
    private async Task<SlskdAnswer<IReadOnlyList<string>>?> ListWithAsync(string probe, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, probe);
        try
        {
            await File.WriteAllTextAsync(path, "Written by harmony selfcheck; it may be deleted.", cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        try
        {
            return await slskd.ListDownloadedFilesAsync(cancellationToken);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private async Task<SettingProblem> ProblemAsync(string? elsewhere, CancellationToken cancellationToken)
    {
        var answer = await slskd.GetDownloadsFolderAsync(cancellationToken);
        var theirs = answer.Value is { Length: > 0 } path ? path : null;
        var place = elsewhere is null ? "" : $" in its place, slskd sees it as {elsewhere}";
        var where = theirs is null ? $"which folder slskd writes to is not known ({answer.Fault?.Sentence ?? "slskd did not say"})" : $"slskd writes to {theirs}";
        var fix = theirs == folder
            ? "The same path leads to two folders, for example in two containers: mount one folder for both."
            : $"Set {name} to the path at which this machine has that folder, or give slskd another one (directories.downloads).";
        return new(ExitCode.Directory, name, $"slskd does not see a file that Harmony wrote to {folder}{place}; {where}.", fix);
    }

    // The other way: a file that slskd wrote. Null: there is none now.
    private Finding? Readable(IEnumerable<string> listed)
    {
        foreach (var path in listed.Where(path => path.StartsWith($"{Destinations}/", StringComparison.Ordinal)))
        {
            try
            {
                using var handle = File.OpenHandle(Path.Combine(folder, path));
                return Finding.Ok(name, $"Harmony can read {path}, which slskd wrote.");
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                // A worker has moved it to the library since it was listed.
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return Finding.Of(new(ExitCode.Directory, name, $"{path}, which slskd wrote, cannot be read: {e.Message}", "Run slskd as the user of Harmony, or let it write files that this user can read and delete."));
            }
        }

        return null;
    }
}
