using Harmony.Data.Watchlist;
using Harmony.Jobs.Providers.Spotify;
using Harmony.Orchestrator;

namespace Harmony.Jobs.Artists.Sync;

/// <param name="ReleaseLimit">Only this many releases, in the order of the source; other known releases stay unchanged.</param>
public sealed record ArtistSyncArgs(string ArtistKey, bool? Force = null, int? ReleaseLimit = null) : IJobArgs
{
    public static string Kind => "artist_sync";
}

/// <summary>Updates one artist on request or for the metadata list; if it is watched, missing tracks become downloads.</summary>
public sealed class ArtistSyncJob(ArtistUpdate update, WatchBudget budget, WatchlistRepository watchlist) : IJob<ArtistSyncArgs>
{
    public static JobSpec Spec { get; } = new(Lanes.Artists)
    {
        UniqueKey = "artist:{artist_key}",
        Providers = [SpotifyOptions.Provider],
        Timeout = TimeSpan.FromMinutes(30),
        OperatorStartable = true,
    };

    public async Task<JobEnd> RunAsync(ArtistSyncArgs args, JobRun run, CancellationToken cancellationToken)
    {
        if (args.ReleaseLimit is < 1)
            throw new PermanentJobException("bad_args", $"release_limit is {args.ReleaseLimit}; it must be 1 or more.");

        var watched = await watchlist.FindAsync(args.ArtistKey, cancellationToken);
        var look = new ArtistLook(args.ArtistKey) { Watched = watched is not null, Forced = run.Forced || args.Force == true, Most = args.ReleaseLimit };
        async Task<JobEnd> SyncAsync() => JobEnd.Done(await update.RunAsync(look, run, cancellationToken));
        return watched is not null
            ? await budget.SpendAsync(watched, run, SyncAsync, cancellationToken)
            : await SyncAsync();
    }
}
