using Harmony.Data.Artists;
using Harmony.Data.Downloads;
using Harmony.Jobs.Files;
using Harmony.Orchestrator;

namespace Harmony.Jobs.Downloads;

/// <summary>Writes the tags into a copy, on the library's own disk, so that the shelf only ever has finished files.</summary>
internal sealed class TagStage(ReleasesRepository releases, DownloadStagesRepository stages, DownloadFolders folders, DiskRoom room) : IDownloadStage
{
    public IReadOnlyList<string> From { get; } = [DownloadStage.Verified];

    public async Task<JobEnd?> RunAsync(Download row, JobRun run, CancellationToken cancellationToken)
    {
        if (!File.Exists(row.LandedPath))
            throw new FileNotFoundException($"{row.LandedPath} is gone before it could be tagged.");

        if (await room.ForCopyAsync(row, new FileInfo(row.LandedPath).Length, cancellationToken) is { } wait)
            return wait;

        var release = row.ReleaseId is { } id ? await releases.FindAsync(id, cancellationToken) : null;
        var tracks = row.ReleaseId is { } releaseId ? await releases.ListTracksAsync(releaseId, cancellationToken) : [];
        var copy = folders.TaggedCopyOf(row);
        Directory.CreateDirectory(folders.TemporaryFolder);
        File.Copy(row.LandedPath, copy, overwrite: true);
        AudioTags.RemovePeerFields(copy);
        AudioTags.Write(copy, DownloadTags.Of(row, release, tracks));
        Flush(copy);
        await run.InTransactionAsync(work => stages.TagAsync(work, row.Id, cancellationToken), cancellationToken);
        return null;
    }

    // The row will mark the copy as good, so the copy must be on the disk before the row is written.
    private static void Flush(string path)
    {
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.FlushToDisk(handle);
    }
}
