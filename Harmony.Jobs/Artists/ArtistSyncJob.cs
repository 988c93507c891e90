using Harmony.Data;
using Harmony.Data.Artists;
using Harmony.Data.Watchlist;
using Harmony.Jobs.Downloads;
using Harmony.Jobs.Providers.Catalogue;
using Harmony.Jobs.Providers.Spotify;
using Harmony.Jobs.Watchlist;
using Harmony.Orchestrator;

namespace Harmony.Jobs.Artists;

public sealed record ArtistSyncArgs(string ArtistKey, bool? Force = null) : IJobArgs
{
    public static string Kind => "artist_sync";
}

/// <summary>Brings one artist up to date; if it is watched, what is missing becomes downloads.</summary>
public sealed class ArtistSyncJob(
    SpotifyCatalog spotify,
    ArtistsRepository artists,
    ReleasesRepository releases,
    WatchlistRepository watchlist,
    DownloadWishes wishes,
    ArtistSyncOptions options)
    : IJob<ArtistSyncArgs>
{
    // A long discography is saved in parts, so that a kill or a rate limit costs at most one of them.
    private const int ReleasesPerSave = 10;

    public static JobSpec Spec { get; } = new(Lanes.Artists)
    {
        UniqueKey = "artist:{artist_key}",
        Providers = [SpotifyOptions.Provider],
        Timeout = TimeSpan.FromMinutes(30),
        OperatorStartable = true,
    };

    public async Task<JobEnd> RunAsync(ArtistSyncArgs args, JobRun run, CancellationToken ct)
    {
        try
        {
            return await SyncAsync(args, run, ct);
        }
        catch (ProviderFailedException failure) when (!failure.IsOutage)
        {
            // An outage is nobody's fault and closes the provider's gate. An answer about this artist that nobody understands is its own.
            if (await run.InTransactionAsync(work => watchlist.SpendTryAsync(work, args.ArtistKey, options.RetryBudget, options.Cooldown, ct), ct))
                throw new PermanentJobException("retry_budget_exhausted", $"Looked at {options.RetryBudget} times in vain: {failure.Message}", failure);
            throw;
        }
    }

    private async Task<JobEnd> SyncAsync(ArtistSyncArgs args, JobRun run, CancellationToken ct)
    {
        var spotifyId = ArtistKey.SpotifyIdOf(args.ArtistKey)
            ?? throw new PermanentJobException("invalid_artist_key", $"'{args.ArtistKey}' is not of the form spotify:<id>.");
        var forced = run.Forced || args.Force == true;
        var artist = await spotify.GetArtistAsync(spotifyId, ct)
            ?? throw new PermanentJobException("not_found", $"Spotify knows no artist {spotifyId}.");
        var albums = await spotify.GetArtistAlbumsAsync(spotifyId, ct);

        // A merged artist answers under its new id; our key stays the one that was asked for.
        var delta = await SaveDeltaAsync(args.ArtistKey, artist with { Id = spotifyId }, albums, run, ct);
        var read = await ReadTracksAsync(args.ArtistKey, forced, run, ct);
        var wanted = await FinishAsync(args.ArtistKey, delta.Etag, forced, run, ct);
        return JobEnd.Done(new
        {
            status = delta.IsEmpty && read.Releases == 0 ? "noop" : "ok",
            added = delta.Releases.Count(r => r.Before is null),
            updated = delta.Releases.Count(r => r.Before is not null),
            gone = delta.Gone.Count,
            releases_read = read.Releases,
            downloads = read.Wanted + wanted,
        });
    }

    private async Task<ArtistDelta> SaveDeltaAsync(
        string artistKey, ProviderArtist artist, IReadOnlyList<ProviderAlbum> albums, JobRun run, CancellationToken ct)
    {
        var known = await artists.FindAsync(artistKey, ct);
        var knownReleases = known is null ? [] : await releases.ListAllAsync(known.Id, ct);
        var aliases = known is null ? [] : await artists.ListAliasesAsync(known.Id, ct);
        var delta = ArtistDelta.Between(known, knownReleases, aliases, artist, albums, options.Unlisted);
        if (delta.Artist is not { } write)
        {
            return delta;
        }

        await run.InTransactionAsync(
            async work =>
            {
                var id = await artists.SaveAsync(work, write, ct);
                await releases.SaveAsync(work, id, artistKey, [.. delta.Releases.Select(r => r.After)], ct);
                var gone = delta.Gone.Select(r => r.Id).ToList();
                if (options.Unlisted == Unlisted.Inactive)
                {
                    await releases.DeactivateAsync(work, gone, "pruned", ct);
                }
                else if (options.Unlisted == Unlisted.Deleted)
                {
                    await releases.DeleteAsync(work, gone, ct);
                }

                await artists.AddAliasesAsync(work, id, delta.NewAliases, ct);
                await artists.AppendAuditAsync(work, run.JobId, artistKey, ArtistHistory.Of(delta, known, options.Unlisted), ct);
            },
            ct);
        return delta;
    }

    private async Task<(int Releases, int Wanted)> ReadTracksAsync(string artistKey, bool forced, JobRun run, CancellationToken ct)
    {
        var known = await ActiveReleasesAsync(artistKey, ct);
        var unread = known.Where(r => forced || r.TracksReadAt is null).ToList();
        var (done, wanted) = (0, 0);
        foreach (var part in unread.Chunk(ReleasesPerSave))
        {
            await run.ProgressAsync(done, unread.Count, $"reading {part[0].Title}", ct);
            var details = new List<ReleaseDetails>();
            foreach (var release in part)
            {
                // Listed a moment ago and gone now: the next sync sees it vanish from the list.
                if (await spotify.GetAlbumAsync(release.SourceId, ct) is { } album)
                {
                    details.Add(album.ToDetails(release.Id));
                }
            }

            var watched = await watchlist.FindAsync(artistKey, ct);
            wanted += await run.InTransactionAsync(
                async work =>
                {
                    await releases.SaveDetailsAsync(work, details, ct);
                    return await WantAsync(work, watched, part, ct);
                },
                ct);
            done += part.Length;
        }

        return (done, wanted);
    }

    private async Task<int> FinishAsync(string artistKey, string etag, bool forced, JobRun run, CancellationToken ct)
    {
        var known = await ActiveReleasesAsync(artistKey, ct);
        var watched = await watchlist.FindAsync(artistKey, ct);
        return await run.InTransactionAsync(
            async work =>
            {
                await watchlist.MarkDoneAsync(work, artistKey, etag, forced ? TimeSpan.Zero : options.Cooldown, forced ? 0 : options.PriorityDecay, ct);
                return await WantAsync(work, watched, known, ct);
            },
            ct);
    }

    private async Task<int> WantAsync(Work work, WatchedArtist? watched, IReadOnlyList<Release> among, CancellationToken ct)
    {
        if (watched is null || watched.Paused)
        {
            return 0;
        }

        var wanted = among.Where(r => Backlog.Wants(watched, r.ReleasedOn)).Select(r => r.Id).ToList();
        return await wishes.WantMissingAsync(work, wanted, watched.Priority, "watchlist", ct);
    }

    private async Task<IReadOnlyList<Release>> ActiveReleasesAsync(string artistKey, CancellationToken ct)
    {
        var known = await artists.FindAsync(artistKey, ct);
        return known is null ? [] : await releases.ListActiveAsync(known.Id, ct);
    }
}
