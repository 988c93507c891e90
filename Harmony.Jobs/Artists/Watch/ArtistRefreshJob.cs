using Harmony.Data;
using Harmony.Data.Watchlist;
using Harmony.Jobs.Providers.Catalogue;
using Harmony.Jobs.Providers.Spotify;
using Harmony.Orchestrator;

namespace Harmony.Jobs.Artists.Watch;

public sealed record ArtistRefreshArgs(string ArtistKey) : IJobArgs
{
    public static string Kind => "artist_refresh";
}

/// <summary>
/// The short check of a watched artist: one call. When the snapshot of the source is unchanged, the artist's turn is over;
/// else, and once a week in any case, a scan follows.
/// </summary>
internal sealed class ArtistRefreshJob(
    CatalogueGateway catalogue, ArtistUpdate update, WatchBudget budget, WatchlistRepository watchlist, JobQueue queue, WatchlistOptions options)
    : IJob<ArtistRefreshArgs>
{
    public static JobSpec Spec { get; } = new(Lanes.Watchlist)
    {
        UniqueKey = "artist:{artist_key}",
        Providers = [SpotifyOptions.Provider],
        Timeout = TimeSpan.FromMinutes(2),
        OperatorStartable = true,
    };

    public async Task<JobEnd> RunAsync(ArtistRefreshArgs args, JobRun run, CancellationToken cancellationToken)
    {
        var watched = await watchlist.FindAsync(args.ArtistKey, cancellationToken);
        if (WatchTurn.WhyNot(watched) is { } why)
            return JobEnd.Done(new WatchTurn("noop", why));

        return await budget.SpendAsync(watched!, run, () => LookAsync(watched!, run, cancellationToken), cancellationToken);
    }

    private async Task<JobEnd> LookAsync(WatchedArtist watched, JobRun run, CancellationToken cancellationToken)
    {
        var snapshot = ArtistSnapshot.Of(await catalogue.With(options.Patience).GetListingAsync(watched.ArtistKey, cancellationToken));
        return watched.ScannedLately && snapshot == watched.LastHash
            ? await UnchangedAsync(watched.ArtistKey, run, cancellationToken)
            : await run.InTransactionAsync(work => ChangedAsync(work, watched, snapshot, run, cancellationToken), cancellationToken);
    }

    // Wanted tracks may change though the artist does not: a purged download, another backlog.
    private async Task<JobEnd> UnchangedAsync(string artistKey, JobRun run, CancellationToken cancellationToken)
    {
        var wanted = await update.WantAsync(artistKey, run, work => watchlist.MarkUnchangedAsync(work, artistKey, cancellationToken), cancellationToken);
        return JobEnd.Done(new WatchTurn("noop", "unchanged", Downloads: wanted));
    }

    private async Task<JobEnd> ChangedAsync(Work work, WatchedArtist watched, string snapshot, JobRun run, CancellationToken cancellationToken)
    {
        var scan = await queue.EnqueueAsync(
            work,
            new ArtistScanArgs(watched.ArtistKey, snapshot),
            new EnqueueOptions { Priority = ArtistScanJob.Spec.Priority + watched.Priority, RequestedBy = run.RequestedBy, ParentJobId = run.JobId },
            cancellationToken);
        return JobEnd.Done(new WatchTurn("ok", ScanJobId: scan.JobId));
    }
}

/// <summary>The end of a watched artist's turn that needed no scan.</summary>
/// <param name="Why">For a turn that changed nothing: <c>not_watched</c>, <c>paused</c> or <c>unchanged</c>.</param>
internal sealed record WatchTurn(string Status, string? Why = null, long? ScanJobId = null, int? Downloads = null)
{
    /// <summary>Why an artist is not checked now; null when it is checked.</summary>
    public static string? WhyNot(WatchedArtist? watched) => watched switch
    {
        null => "not_watched",
        { Paused: true } => "paused",
        _ => null,
    };
}
