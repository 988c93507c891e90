using Harmony.Data;
using Harmony.Data.Downloads;
using Harmony.Jobs.Files;
using Harmony.Orchestrator;

namespace Harmony.Jobs.Enrich;

/// <summary>The shelved file of a finished download, edited by one job at a time.</summary>
internal sealed class ShelvedFile(DownloadsRepository downloads, EnrichmentRepository enrichment, FileEdit files)
{
    /// <summary>The download, or null when it is not (or no longer) on the shelf.</summary>
    public async Task<Download?> FindAsync(long downloadId, CancellationToken cancellationToken) =>
        await downloads.FindAsync(downloadId, cancellationToken) is { State: DownloadState.Completed, OrganizedPath: not null } row ? row : null;

    /// <summary>
    /// Edits the file and writes the row in one transaction. False: another job edits it. After a kill between the two the edit
    /// is repeated, and writes the same content.
    /// </summary>
    public Task<bool> EditAsync(
        Download row, JobRun run, Func<string, Task> edit, Func<Work, Task> save, CancellationToken cancellationToken) =>
        run.InTransactionAsync(
            async work =>
            {
                var path = row.OrganizedPath!;
                if (!await enrichment.TryLockFileAsync(work, path, cancellationToken))
                    return false;

                if (!File.Exists(path))
                    throw new PermanentJobException("file_missing", $"{path} is no longer on the shelf.");

                await edit(path);
                await save(work);
                return true;
            },
            cancellationToken);

    public Task WriteTagsAsync(string path, TrackTags tags, CancellationToken cancellationToken) =>
        files.ReplaceAsync(path, copy => AudioTags.Write(copy, tags), cancellationToken);

    public static JobEnd Busy() => JobEnd.Snooze(TimeSpan.FromSeconds(2), "another job edits the file");

    public static JobEnd Gone(long downloadId) => JobEnd.Discard("discarded", $"Download {downloadId} is not on the shelf.");
}
