using Harmony.Data.Watchlist;
using Harmony.Jobs.Providers.Spotify;
using Harmony.Jobs.Watchlist;
using Harmony.Orchestrator;

namespace Harmony.Jobs.Artists;

public sealed record ArtistSyncArgs(string ArtistKey, bool? Force = null) : IJobArgs
{
    public static string Kind => "artist_sync";
}

/// <summary>Brings one artist up to date, because somebody asked or its metadata is kept fresh; if it is watched, what is missing becomes downloads.</summary>
public sealed class ArtistSyncJob(ArtistUpdate update, WatchBudget budget, WatchlistRepository watchlist) : IJob<ArtistSyncArgs>
{
    public static JobSpec Spec { get; } = new(Lanes.Artists)
    {
        UniqueKey = "artist:{artist_key}",
        Providers = [SpotifyOptions.Provider],
        Timeout = TimeSpan.FromMinutes(30),
        OperatorStartable = true,
    };

    public async Task<JobEnd> RunAsync(ArtistSyncArgs args, JobRun run, CancellationToken ct)
    {
        var forced = run.Forced || args.Force == true;
        async Task<JobEnd> SyncAsync() => JobEnd.Done(await update.RunAsync(args.ArtistKey, run, forced, snapshot: null, ct));
        return await watchlist.FindAsync(args.ArtistKey, ct) is { } watched
            ? await budget.SpendAsync(watched, run, SyncAsync, ct)
            : await SyncAsync();
    }
}
