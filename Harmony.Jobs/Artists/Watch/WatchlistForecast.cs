using Harmony.Data.Artists;
using Harmony.Data.Downloads;
using Harmony.Data.Watchlist;
using Harmony.Jobs.Downloads;

namespace Harmony.Jobs.Artists.Watch;

/// <summary>The planned actions of the next tick, without executing them.</summary>
public sealed class WatchlistForecast(
    WatchlistRepository watchlist, ArtistsRepository artists, ReleasesRepository releases, DownloadsRepository downloads, DownloadOptions downloadOptions, WatchlistOptions options)
{
    public async Task<IReadOnlyList<Forecast>> AskAsync(int most, CancellationToken cancellationToken)
    {
        var forecasts = new List<Forecast>();
        foreach (var plan in await watchlist.PlanAsync(options.Interval, options.MaxPerTick, most, cancellationToken))
            forecasts.Add(new Forecast(plan, plan is { Why: null, Watched: true } ? await MissingAsync(plan.ArtistKey, cancellationToken) : null));

        return forecasts;
    }

    // Releases that come out in the meantime are not known before the source was asked.
    private async Task<long> MissingAsync(string artistKey, CancellationToken cancellationToken)
    {
        if (await artists.FindAsync(artistKey, cancellationToken) is not { } artist || await watchlist.FindAsync(artistKey, cancellationToken) is not { } watched)
            return 0;

        var wanted = (await releases.ListActiveAsync(artist.ArtistKey, cancellationToken)).Where(r => Backlog.Wants(watched, r.ReleasedOn)).Select(r => r.Id).ToList();
        return await downloads.CountMissingAsync(wanted, downloadOptions.WantCancelledAgain, cancellationToken);
    }
}

/// <param name="MissingTracks">Known tracks that would become downloads; null for an artist that is not checked, or not for downloads.</param>
public sealed record Forecast(WatchPlan Plan, long? MissingTracks);
