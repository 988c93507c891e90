namespace Harmony.Data.Downloads;

/// <summary>Tracks that were searched without success and are searched again: what operators see of them, and what they change.</summary>
public sealed class WantedRepository(Database database)
{
    private const string IsWanted = "d.state = 'queued' and d.stage in ('wanted', 'searching') and d.searches > 0";

    public static string WakeKey(long downloadId) => $"wanted:{downloadId}";

    /// <summary>The next to be searched first; goes on after a time and an id.</summary>
    public Task<IReadOnlyList<Download>> ListAsync(string? text, WantedPlace? after, int limit, CancellationToken cancellationToken) =>
        database.QueryAsync<Download>(
            $"""
            select {DownloadColumns.All}
            from public.downloads d
            where {IsWanted}
                and (cast(@text as text) is null or strpos(lower(concat_ws(' ', d.artist, d.album, d.title)), lower(@text)) > 0)
                and (
                    cast(@at as timestamptz) is null
                    or (coalesce(d.next_search_at, 'epoch'), d.id) > (@at, @id))
            order by coalesce(d.next_search_at, 'epoch'), d.id
            limit @limit
            """,
            new { text, at = after?.At, id = after?.Id, limit },
            cancellationToken);

    public Task<long> CountAsync(string? text, CancellationToken cancellationToken) =>
        database.QueryFirstAsync<long>(
            $"""
            select count(*)
            from public.downloads d
            where {IsWanted}
                and (cast(@text as text) is null or strpos(lower(concat_ws(' ', d.artist, d.album, d.title)), lower(@text)) > 0)
            """,
            new { text },
            cancellationToken);

    /// <summary>The ids of wanted tracks among these; of all, the next to be searched first, when none are given.</summary>
    public Task<IReadOnlyList<long>> ChooseAsync(Work work, IReadOnlyList<long>? ids, int limit, CancellationToken cancellationToken) =>
        work.QueryAsync<long>(
            $"""
            select d.id
            from public.downloads d
            where {IsWanted}
                and (cast(@ids as bigint[]) is null or d.id = any (@ids))
            order by coalesce(d.next_search_at, 'epoch'), d.id
            limit @limit
            """,
            new { ids = ids?.ToArray(), limit },
            cancellationToken);

    /// <summary>Makes a search of these due now; the jobs must be woken afterwards.</summary>
    public Task SearchNowAsync(Work work, IReadOnlyList<long> ids, string requestedBy, CancellationToken cancellationToken) =>
        work.ExecuteAsync(
            $"""
            update public.downloads d
            set
                next_search_at = harmony.now(),
                search_requested_by = @requestedBy,
                updated_at = harmony.now()
            where d.id = any (@ids)
                and {IsWanted}
            """,
            new { ids = ids.ToArray(), requestedBy },
            cancellationToken);

    /// <summary>Cancels the jobs of these, which cancels the rows; returns how many were cancelled.</summary>
    public Task<long> StopAsync(Work work, IReadOnlyList<long> ids, CancellationToken cancellationToken) =>
        work.QueryFirstAsync<long>(
            """
            select count(*) filter (where harmony.cancel(j.job_id) = 'cancelled')
            from unnest(@ids) as w (id)
            join harmony.job j on j.kind = 'download' and j.claim = 'download:' || w.id
            """,
            new { ids = ids.ToArray() },
            cancellationToken);

    /// <summary>Wakes the other wanted tracks of the release that was searched: they judge the same answers without a search of their own.</summary>
    public Task WakeOfSearchAsync(Work work, long searchId, CancellationToken cancellationToken) =>
        work.QueryFirstAsync<long>(
            $"""
            select coalesce(sum(harmony.wake('wanted:' || d.id)), 0)
            from (
                select d.id
                from public.release_searches s
                join public.downloads d on d.release_id = s.release_id
                where s.id = @searchId
                    and {IsWanted}
                    and d.stage = 'wanted'
                order by d.id
            ) d
            """,
            new { searchId },
            cancellationToken);

    public Task WakeAsync(Work work, IReadOnlyList<long> ids, CancellationToken cancellationToken) =>
        work.QueryFirstAsync<long>(
            "select coalesce(sum(harmony.wake('wanted:' || w.id)), 0) from (select id from unnest(@ids) as u (id) order by id) w",
            new { ids = ids.ToArray() },
            cancellationToken);

    /// <summary>Wanted tracks that the watchlist asked for and whose artist is no longer on it.</summary>
    public Task<IReadOnlyList<long>> ListOfArtistAsync(Work work, string artistKey, CancellationToken cancellationToken) =>
        work.QueryAsync<long>(
            $"""
            select d.id
            from public.downloads d
            join public.artist_releases r on r.id = d.release_id
            where r.artist_key = @artistKey
                and d.source = 'watchlist'
                and {IsWanted}
            order by d.id
            """,
            new { artistKey },
            cancellationToken);

    /// <summary>False when the watchlist asked for the track and its artist is no longer watched.</summary>
    public Task<bool> IsStillWantedAsync(long id, CancellationToken cancellationToken) =>
        database.QueryFirstAsync<bool>(
            """
            select not exists (
                select
                from public.downloads d
                join public.artist_releases r on r.id = d.release_id
                where d.id = @id
                    and d.source = 'watchlist'
                    and not exists (select from public.watchlist_artists w where w.artist_key = r.artist_key))
            """,
            new { id },
            cancellationToken);
}

/// <summary>A place in the list of wanted tracks; its text is the cursor of the REST list.</summary>
public sealed record WantedPlace(DateTimeOffset At, long Id)
{
    public static WantedPlace Of(Download download) => new(download.NextSearchAt ?? DateTimeOffset.UnixEpoch, download.Id);

    public static WantedPlace? Parse(string? text) =>
        text?.Split('_') is [var ticks, var id]
        && long.TryParse(ticks, System.Globalization.CultureInfo.InvariantCulture, out var at)
        && at >= 0 && at <= DateTimeOffset.MaxValue.Ticks
        && long.TryParse(id, System.Globalization.CultureInfo.InvariantCulture, out var number)
            ? new(new DateTimeOffset(at, TimeSpan.Zero), number)
            : null;

    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{At.UtcTicks}_{Id}");
}
