using Harmony.Data.Downloads;
using Harmony.Jobs.Files;
using Harmony.Jobs.Providers.Http;
using Harmony.Jobs.Providers.Lyrics;
using Harmony.Orchestrator;

namespace Harmony.Jobs.Enrich;

internal sealed record LyricsArgs(long DownloadId) : IJobArgs
{
    public static string Kind => "lyrics";
}

/// <summary>Calls the sources in turn; lyrics go into the tags, synced ones also beside the file. No lyrics, or an instrumental, is no failure.</summary>
internal sealed class LyricsJob(ShelvedFile shelf, EnrichmentRepository enrichment, IEnumerable<ILyricsSource> sources)
    : IJob<LyricsArgs>
{
    public static JobSpec Spec { get; } = new(Lanes.Enrich)
    {
        UniqueKey = "lyrics:{download_id}",
        MaxRetries = 5,
        OperatorStartable = true,
    };

    public async Task<JobEnd> RunAsync(LyricsArgs args, JobRun run, CancellationToken cancellationToken)
    {
        if (await shelf.FindAsync(args.DownloadId, cancellationToken) is not { } row)
            return ShelvedFile.Gone(args.DownloadId);

        var found = await FindAsync(row, cancellationToken);
        if (found is null || found.Instrumental)
        {
            var status = found is null ? "none" : "instrumental";
            await run.InTransactionAsync(work => enrichment.SaveLyricsAsync(work, row.Id, null, status, cancellationToken), cancellationToken);
            return JobEnd.Done(new { status, source = found?.Source });
        }

        string? beside = null;
        var done = await shelf.EditAsync(
            row,
            run,
            async path =>
            {
                await shelf.WriteTagsAsync(path, new TrackTags { Lyrics = found.Synced ?? found.Plain }, cancellationToken);
                beside = await LyricsSidecar.PlaceAsync(path, found, cancellationToken);
            },
            work => enrichment.SaveLyricsAsync(work, row.Id, beside, "done", cancellationToken),
            cancellationToken);
        return done ? JobEnd.Done(new { status = "done", source = found.Source, path = beside }) : ShelvedFile.Busy();
    }

    private async Task<Lyrics?> FindAsync(Download row, CancellationToken cancellationToken)
    {
        TimeSpan? duration = row.DurationMs is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null;
        var query = new LyricsQuery(row.Artist, row.Title, row.Album, duration);
        Exception? failure = null;
        foreach (var source in sources)
        {
            try
            {
                if (await source.FindAsync(query, cancellationToken) is { } found && LrcText.Clean(found, duration) is { } clean)
                    return clean;
            }
            catch (Exception error) when (error is ProviderException or ProviderBlockedException)
            {
                // The next source may have them; this failure counts only if no source has them.
                failure ??= error;
            }
        }

        return failure is null ? null : throw failure;
    }
}
