using Harmony.Data;
using Harmony.Data.Artists;
using Harmony.Data.Watchlist;
using Harmony.Jobs.Downloads;
using Harmony.Jobs.Providers.Catalogue;
using Harmony.Jobs.Providers.Http;
using Harmony.Orchestrator;

namespace Harmony.Jobs.Artists;

/// <summary>Updates the stored data of one artist from its source, in the transactions of the calling run.</summary>
public sealed class ArtistUpdate(
    CatalogueGateway catalogue,
    ArtistsRepository artists,
    ReleasesRepository releases,
    WatchlistRepository watchlist,
    DownloadRequests requests,
    ArtistSyncOptions options)
{
    // A long discography is saved in parts, so that a kill or a rate limit loses at most one part.
    private const int ReleasesPerSave = 10;

    public async Task<ArtistUpdated> RunAsync(ArtistLook look, JobRun run, CancellationToken cancellationToken)
    {
        var source = await ReadAsync(look, cancellationToken);
        // An artist that was unknown when the job was enqueued has only its key as the title.
        if (run.Title == look.ArtistKey)
            await run.TitleAsync(source.Artist.Name, cancellationToken);

        var delta = await SaveDeltaAsync(look.ArtistKey, source, run, cancellationToken);
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

    /// <summary>The changes a run would make now in the artist and its releases; nothing is written.</summary>
    public async Task<ArtistPreview> PreviewAsync(string artistKey, CancellationToken cancellationToken)
    {
        var source = await ReadAsync(new ArtistLook(artistKey), cancellationToken);
        var known = await artists.FindAsync(artistKey, cancellationToken);
        return new ArtistPreview(known, await DeltaAsync(known, source, cancellationToken));
    }

    /// <summary>All known wanted and missing tracks of this artist become downloads; returns their number.</summary>
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

        // A merged artist is returned with its new id; our key stays the requested one.
        return read with { Artist = read.Artist with { Id = id } };
    }

    private async Task<ArtistDelta> DeltaAsync(Artist? known, CatalogueArtist source, CancellationToken cancellationToken)
    {
        var knownReleases = known is null ? [] : await releases.ListAllAsync(known.Id, cancellationToken);
        var aliases = known is null ? [] : await artists.ListAliasesAsync(known.Id, cancellationToken);
        return ArtistDelta.Between(known, knownReleases, aliases, source.Artist, source.Albums, options.Unlisted, source.IsWhole);
    }

    // Another kind of job may update the same artist: a run that finds a change made in the meantime compares once more.
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
            return false;

        var id = await artists.SaveAsync(work, write, delta.NewAliases, jobId, ArtistHistory.Of(delta, known, options.Unlisted), cancellationToken);
        await releases.SaveAsync(work, id, artistKey, [.. delta.Releases.Select(r => r.After)], cancellationToken);
        var gone = delta.Gone.Select(r => r.Id).ToList();
        if (options.Unlisted == Unlisted.Inactive)
            await releases.DeactivateAsync(work, gone, "pruned", cancellationToken);
        else if (options.Unlisted == Unlisted.Deleted)
            await releases.DeleteAsync(work, gone, cancellationToken);

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
                // Listed a moment ago and missing now: the next sync finds it removed from the list.
                if (await source.GetAlbumAsync(look.ArtistKey, release.SourceId, cancellationToken) is { } album)
                    details.Add(album.ToDetails(release.Id));
            }

            // An artist added to the watchlist in the meantime gets its missing tracks at the end.
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
            await run.ProgressAsync(done, done, "all read", cancellationToken);

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
            return 0;

        var wanted = among.Where(r => Backlog.Wants(watched, r.ReleasedOn)).Select(r => r.Id).ToList();
        return await requests.WantMissingAsync(work, wanted, watched.Priority, "watchlist", cancellationToken);
    }
}

/// <summary>The artist to update, and the options.</summary>
public sealed record ArtistLook(string ArtistKey)
{
    /// <summary>Read everything again, including known releases.</summary>
    public bool Forced { get; init; }

    /// <summary>Missing tracks become downloads as soon as they are read, and not only at the end.</summary>
    public bool Watched { get; init; }

    /// <summary>The snapshot in which a change was noticed; stored for a watched artist, so that the next check can be a short one.</summary>
    public string? Snapshot { get; init; }

    /// <summary>The maximum number of releases.</summary>
    public int? Most { get; init; }

    /// <summary>The limits of each call; null: the source's own limits.</summary>
    public CallOverrides? Patience { get; init; }
}

/// <summary>The changes of a run, as the result of its job.</summary>
/// <param name="Status"><c>noop</c> when nothing had changed and nothing was left to read.</param>
/// <param name="Gone">Stored, but no longer listed by the source.</param>
public sealed record ArtistUpdated(string Status, int Added, int Updated, int Gone, int ReleasesRead, int Downloads);

/// <summary>The stored artist, and the writes that would make it equal to the source.</summary>
public sealed record ArtistPreview(Artist? Known, ArtistDelta Delta);
