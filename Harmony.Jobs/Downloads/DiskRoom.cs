using Harmony.Data.Downloads;
using Harmony.Jobs.Files;
using Harmony.Orchestrator;

namespace Harmony.Jobs.Downloads;

/// <summary>A full disk is no failure of a download: it waits for room, no attempt is spent and no peer is denied.</summary>
internal sealed class DiskRoom(DownloadOptions options, FreeSpace space, DownloadStagesRepository stages)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(5);

    /// <summary>For slskd's file, and for the copy that follows. Null: there is room.</summary>
    public Task<JobEnd?> ForDownloadAsync(Download row, long bytes, CancellationToken cancellationToken) =>
        WaitAsync(row, space.ShortageOf(options.DownloadsDir, bytes) ?? space.ShortageOf(options.MusicDir, bytes), cancellationToken);

    /// <summary>For the copy on the disk of the library. Null: there is room.</summary>
    public Task<JobEnd?> ForCopyAsync(Download row, long bytes, CancellationToken cancellationToken) =>
        WaitAsync(row, space.ShortageOf(options.MusicDir, bytes), cancellationToken);

    private async Task<JobEnd?> WaitAsync(Download row, string? shortage, CancellationToken cancellationToken)
    {
        if (shortage is null)
            return null;

        await stages.ExplainAsync(row.Id, shortage, cancellationToken);
        return JobEnd.Snooze(LookAgain, shortage);
    }
}
