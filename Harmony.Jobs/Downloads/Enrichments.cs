using Harmony.Data;
using Harmony.Data.Downloads;
using Harmony.Jobs.Enrich;
using Harmony.Orchestrator;

namespace Harmony.Jobs.Downloads;

/// <summary>The jobs that follow a shelved file; each may fail without the others.</summary>
internal sealed class Enrichments(JobQueue queue, DownloadOptions options)
{
    public bool WithArtwork => options.EnableArtwork;

    public bool WithLyrics => options.EnableLyrics;

    public async Task EnqueueAsync(Work work, Download row, JobRun run, CancellationToken cancellationToken)
    {
        await queue.EnqueueAsync(work, new MetadataArgs(row.Id), Options(MetadataJob.Spec, row, run), cancellationToken);
        if (WithArtwork)
            await queue.EnqueueAsync(work, new ArtworkArgs(row.Id), Options(ArtworkJob.Spec, row, run), cancellationToken);

        if (WithLyrics)
            await queue.EnqueueAsync(work, new LyricsArgs(row.Id), Options(LyricsJob.Spec, row, run), cancellationToken);
    }

    private static EnqueueOptions Options(JobSpec spec, Download row, JobRun run) => new()
    {
        Priority = spec.Priority + row.Priority,
        RequestedBy = row.RequestedBy,
        ParentJobId = run.JobId,
    };
}
