using Harmony.Data;
using Harmony.Data.Artists;
using Harmony.Data.Watchlist;
using Harmony.Jobs.Downloads;
using Harmony.Jobs.Providers.Catalogue;
using Harmony.Jobs.Providers.Http;
using Harmony.Orchestrator;

namespace Harmony.Jobs.Artists;

/// <summary>Brings what is stored about one artist in line with its source, in the transactions of the run that asked for it.</summary>
public sealed class ArtistUpdate(
    CatalogueGateway catalogue,
    ArtistsRepository artists,
    ReleasesRepository releases,
    WatchlistRepository watchlist,
    DownloadRequests wishes,
    ArtistSyncOptions options)
{
    // A long discography is saved in parts, so that a kill or a rate limit costs at most one of them.
    private const int ReleasesPerSave = 10;

    public async Task<ArtistUpdated> RunAsync(ArtistLook look, JobRun run, CancellationToken cancellationToken)
    {
        var delta = await SaveDeltaAsync(look.ArtistKey, await ReadAsync(look, cancellationToken), run, cancellationToken);
        var read = await ReadTracksAsync(look, run, cancellationToken);
        var wanted = await FinishAsync(look, run, cancellationToken);
        return new ArtistUpdated(
            delta.IsEmpty && read.Releases == 0 ? "noop" : "ok",
            delta.Releases.Count(r => r.Before is null),
            delta.Releases.Count(r => r.Before is not null),
            delta.Gone.Count,
            read.Releases,
            read.Wanted + wanted);
    }

    /// <summary>What a run would change now in the artist and its releases; nothing is written.</summary>
    public async Task<ArtistPreview> PreviewAsync(string artistKey, CancellationToken cancellationToken)
    {
        var source = await ReadAsync(new ArtistLook(artistKey), cancellationToken);
        var known = await artists.FindAsync(artistKey, cancellationToken);
        return new ArtistPreview(known, await DeltaAsync(known, source, cancellationToken));
    }

    /// <summary>Everything of this artist that is wanted and missing becomes downloads, as far as it is known by now; tells how many.</summary>
    public async Task<int> WantAsync(string artistKey, JobRun run, Func<Work, Task> alongside, CancellationToken cancellationToken)
    {
        var watched = await watchlist.FindAsync(artistKey, cancellationToken);
        var known = watched is null ? [] : await releases.ListActiveAsync(artistKey, cancellationToken);
        return await run.InTransactionAsync(
            async work =>
            {
                await alongside(work);
                return await WantAsync(work, watched, known, cancellationToken);
            },
            cancellationToken);
    }

    private async Task<CatalogueArtist> ReadAsync(ArtistLook look, CancellationToken cancellationToken)
    {
        var id = ArtistKey.ToSpotifyId(look.ArtistKey);
        var read = await catalogue.With(look.Patience).ReadAsync(look.ArtistKey, look.Most ?? CatalogueGateway.MostAlbums, cancellationToken);

        // A merged artist answers under its new id; our key stays the one that was asked for.
        return read with { Artist = read.Artist with { Id = id } };
    }

    private async Task<ArtistDelta> DeltaAsync(Artist? known, CatalogueArtist source, CancellationToken cancellationToken)
    {
        var knownReleases = known is null ? [] : await releases.ListAllAsync(known.Id, cancellationToken);
        var aliases = known is null ? [] : await artists.ListAliasesAsync(known.Id, cancellationToken);
        return ArtistDelta.Between(known, knownReleases, aliases, source.Artist, source.Albums, options.Unlisted, source.IsWhole);
    }

    // Another kind of job may be at the same artist: whoever finds that it was changed in the meantime compares once more.
    private async Task<ArtistDelta> SaveDeltaAsync(string artistKey, CatalogueArtist source, JobRun run, CancellationToken cancellationToken)
    {
        while (true)
        {
            var known = await artists.FindAsync(artistKey, cancellationToken);
            var delta = await DeltaAsync(known, source, cancellationToken);
            if (delta.Artist is not { } write
                || await run.InTransactionAsync(work => SaveIfUntouchedAsync(work, artistKey, known, delta, write, run.JobId, cancellationToken), cancellationToken))
            {
                return delta;
            }
        }
    }

    private async Task<bool> SaveIfUntouchedAsync(
        Work work, string artistKey, Artist? known, ArtistDelta delta, ArtistWrite write, long jobId, CancellationToken cancellationToken)
    {
        if (await artists.LockAsync(work, artistKey, cancellationToken) != known?.Version)
        {
            return false;
        }

        var id = await artists.SaveAsync(work, write, delta.NewAliases, jobId, ArtistHistory.Of(delta, known, options.Unlisted), cancellationToken);
        await releases.SaveAsync(work, id, artistKey, [.. delta.Releases.Select(r => r.After)], cancellationToken);
        var gone = delta.Gone.Select(r => r.Id).ToList();
        if (options.Unlisted == Unlisted.Inactive)
        {
            await releases.DeactivateAsync(work, gone, "pruned", cancellationToken);
        }
        else if (options.Unlisted == Unlisted.Deleted)
        {
            await releases.DeleteAsync(work, gone, cancellationToken);
        }

        return true;
    }

    private async Task<(int Releases, int Wanted)> ReadTracksAsync(ArtistLook look, JobRun run, CancellationToken cancellationToken)
    {
        var source = catalogue.With(look.Patience);
        var known = await releases.ListActiveAsync(look.ArtistKey, cancellationToken);
        var unread = known.Where(r => look.Forced || r.TracksReadAt is null).ToList();
        var (done, wanted) = (0, 0);
        foreach (var part in unread.Chunk(ReleasesPerSave))
        {
            await run.ProgressAsync(done, unread.Count, $"reading {part[0].Title}", cancellationToken);
            var details = new List<ReleaseDetails>();
            foreach (var release in part)
            {
                // Listed a moment ago and gone now: the next sync sees it vanish from the list.
                if (await source.GetAlbumAsync(look.ArtistKey, release.SourceId, cancellationToken) is { } album)
                {
                    details.Add(album.ToDetails(release.Id));
                }
            }

            // Who begins to watch it meanwhile gets what is missing at the end.
            var watched = look.Watched ? await watchlist.FindAsync(look.ArtistKey, cancellationToken) : null;
            wanted += await run.InTransactionAsync(
                async work =>
                {
                    await releases.SaveDetailsAsync(work, details, cancellationToken);
                    return await WantAsync(work, watched, part, cancellationToken);
                },
                cancellationToken);
            done += part.Length;
        }

        if (done > 0)
        {
            await run.ProgressAsync(done, done, "all read", cancellationToken);
        }

        return (done, wanted);
    }

    private Task<int> FinishAsync(ArtistLook look, JobRun run, CancellationToken cancellationToken) => WantAsync(
        look.ArtistKey,
        run,
        work => watchlist.MarkDoneAsync(
            work, look.ArtistKey, look.Snapshot, look.Forced ? TimeSpan.Zero : options.Cooldown, look.Forced ? 0 : options.PriorityDecay, cancellationToken),
        cancellationToken);

    private async Task<int> WantAsync(Work work, WatchedArtist? watched, IReadOnlyList<Release> among, CancellationToken cancellationToken)
    {
        if (watched is null || watched.Paused)
        {
            return 0;
        }

        var wanted = among.Where(r => Backlog.Wants(watched, r.ReleasedOn)).Select(r => r.Id).ToList();
        return await wishes.WantMissingAsync(work, wanted, watched.Priority, "watchlist", cancellationToken);
    }
}

/// <summary>Whom to look at, and how.</summary>
public sealed record ArtistLook(string ArtistKey)
{
    /// <summary>Read everything again, also what is known already.</summary>
    public bool Forced { get; init; }

    /// <summary>What is missing of it is wanted as soon as it is read, and not only at the end.</summary>
    public bool Watched { get; init; }

    /// <summary>What the source showed when a change was noticed; remembered for a watched artist, so that the next look can be a short one.</summary>
    public string? Snapshot { get; init; }

    /// <summary>Not more releases than this.</summary>
    public int? Most { get; init; }

    /// <summary>What each call is allowed; null: what the source's own limits are.</summary>
    public CallOverrides? Patience { get; init; }
}

/// <summary>What a run changed, as its job tells.</summary>
/// <param name="Status"><c>noop</c> when nothing had changed and nothing was left to read.</param>
/// <param name="Gone">Stored, but no longer listed by the source.</param>
public sealed record ArtistUpdated(string Status, int Added, int Updated, int Gone, int ReleasesRead, int Downloads);

/// <summary>What is stored, and what would be written so that it says what the source says.</summary>
public sealed record ArtistPreview(Artist? Known, ArtistDelta Delta);
