using Harmony.Data.Backfill;
using Harmony.Data.Ingest;
using Harmony.Jobs.Providers.Spotify;
using Harmony.Orchestrator;

namespace Harmony.Jobs.Backfill;

internal sealed record BackfillArgs(string BackfillId) : IJobArgs
{
    public static string Kind => "backfill";
}

/// <summary>Gives posted tracks their Spotify ids and turns them into downloads, one at a time; each is settled in its own transaction.</summary>
internal sealed class BackfillJob(
    BackfillRepository backfills,
    IngestRepository ingest,
    TrackFinder finder,
    MatchedTrack matched)
    : IJob<BackfillArgs>
{
    public static JobSpec Spec { get; } = new(Lanes.Backfill)
    {
        UniqueKey = "backfill:{backfill_id}",
        Providers = [SpotifyOptions.Provider],
        Timeout = TimeSpan.FromHours(2),
    };

    public async Task<JobEnd> RunAsync(BackfillArgs args, JobRun run, CancellationToken cancellationToken)
    {
        await run.InTransactionAsync(
            async work => await backfills.StartAsync(work, args.BackfillId, await ingest.CountUnmatchedAsync(work, cancellationToken), cancellationToken),
            cancellationToken);
        while (true)
        {
            // Read for each item: the run may be paused or cancelled while it works.
            if (await backfills.FindAsync(args.BackfillId, cancellationToken) is not { } backfill)
                return JobEnd.Discard("discarded", $"There is no backfill {args.BackfillId}.");

            if (backfill.State != "running")
            {
                return backfill.State == "paused"
                    ? JobEnd.Park(TimeSpan.FromHours(6), $"backfill:{backfill.Id}", "paused")
                    : JobEnd.Discard("cancelled", $"The backfill is {backfill.State}.");
            }

            var item = backfill.Processed < backfill.Requested ? await ingest.NextUnmatchedAsync(cancellationToken) : null;
            if (item is null)
            {
                await run.InTransactionAsync(work => backfills.FinishAsync(work, backfill.Id, cancellationToken), cancellationToken);
                return JobEnd.Done(new { backfill.Processed, backfill.Matched, backfill.CacheHits });
            }

            await SettleAsync(backfill, item, run, cancellationToken);
            await run.ProgressAsync(backfill.Processed + 1, backfill.Requested, item.RawLine, cancellationToken);
        }
    }

    private async Task SettleAsync(BackfillRun backfill, IngestItem item, JobRun run, CancellationToken cancellationToken)
    {
        var found = await finder.FindAsync(item, backfill.IncludeCachedResults, cancellationToken);
        var album = found.Track is { } track ? await finder.AlbumOfAsync(track, cancellationToken) : null;
        await run.InTransactionAsync(
            async work =>
            {
                var settled = found.Track is not null && album is not null
                    ? await matched.SaveAsync(work, item, found.Track, album, cancellationToken)
                    : await ingest.FailAsync(work, item.Id, "no_match", cancellationToken);
                // Another run has settled the item: the item and its count belong to that run.
                if (settled)
                {
                    await backfills.CountAsync(work, backfill.Id, found.Track is not null && album is not null, found.FromCache, cancellationToken);
                    await ingest.SettleJobAsync(work, item.JobId, cancellationToken);
                }
            },
            cancellationToken);
    }
}
