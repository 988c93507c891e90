using Harmony.Data.Watchlist;
using Harmony.Jobs.Providers.Spotify;
using Harmony.Orchestrator;

namespace Harmony.Jobs.Artists.Watch;

/// <param name="Snapshot">The snapshot of the source in which the change behind this scan was noticed.</param>
internal sealed record ArtistScanArgs(string ArtistKey, string? Snapshot = null) : IJobArgs
{
    public static string Kind => "artist_scan";
}

/// <summary>The long check of a watched artist: changes are stored, and missing tracks become downloads.</summary>
internal sealed class ArtistScanJob(ArtistUpdate update, WatchBudget budget, WatchlistRepository watchlist, WatchlistOptions options)
    : IJob<ArtistScanArgs>
{
    public static JobSpec Spec { get; } = new(Lanes.Watchlist)
    {
        UniqueKey = "artist:{artist_key}",
        Providers = [SpotifyOptions.Provider],
        Timeout = TimeSpan.FromMinutes(30),
        OperatorStartable = true,
    };

    public async Task<JobEnd> RunAsync(ArtistScanArgs args, JobRun run, CancellationToken cancellationToken)
    {
        var watched = await watchlist.FindAsync(args.ArtistKey, cancellationToken);
        if (WatchTurn.WhyNot(watched) is { } why)
            return JobEnd.Done(new WatchTurn("noop", why));

        var look = new ArtistLook(args.ArtistKey) { Watched = true, Forced = run.Forced, Snapshot = args.Snapshot, Patience = options.Patience };
        return await budget.SpendAsync(watched!, run, async () => JobEnd.Done(await update.RunAsync(look, run, cancellationToken)), cancellationToken);
    }
}
