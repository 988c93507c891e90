namespace Harmony.Data.Watchlist;

/// <summary>The list behind <c>/watchlist</c>, and the due artists of both lists.</summary>
public sealed class WatchlistRepository(Database database)
{
    // A pause with an end is over at that time, even before the tick has cleared it.
    private const string Columns =
        """
        w.id,
        w.artist_key,
        w.name,
        w.priority,
        w.backlog,
        w.since,
        w.stop_reason is not null
            and (w.retry_block_until is null or w.retry_block_until > harmony.now()) as paused,
        w.stop_reason as pause_reason,
        w.retry_block_until as resume_at,
        w.stop_reason is null and coalesce(w.retry_block_until > harmony.now(), false) as resting,
        w.last_hash,
        coalesce(w.last_scan_at > harmony.now() - interval '7 days', false) as scanned_lately,
        w.last_enqueued_at,
        w.last_checked,
        w.created_at,
        w.updated_at
        """;

    public Task<IReadOnlyList<WatchedArtist>> ListAsync(CancellationToken cancellationToken) =>
        database.QueryAsync<WatchedArtist>(
            $"""
            select {Columns}
            from public.watchlist_artists w
            order by w.priority desc, w.created_at, w.id
            """,
            null,
            cancellationToken);

    public Task<IReadOnlyList<WatchedArtist>> ListAsync(int limit, long offset, CancellationToken cancellationToken) =>
        database.QueryAsync<WatchedArtist>(
            $"""
            select {Columns}
            from public.watchlist_artists w
            order by w.priority desc, w.created_at, w.id
            limit @limit
            offset @offset
            """,
            new { limit, offset },
            cancellationToken);

    /// <summary>Artists in cooldown after too many failed checks; the first to end its cooldown comes first.</summary>
    public Task<IReadOnlyList<WatchedArtist>> ListRestingAsync(int limit, CancellationToken cancellationToken) =>
        database.QueryAsync<WatchedArtist>(
            $"""
            select {Columns}
            from public.watchlist_artists w
            where w.retry_block_until > harmony.now()
                and w.stop_reason is null
            order by w.retry_block_until
            limit @limit
            """,
            new { limit },
            cancellationToken);

    public Task<WatchedArtist?> FindAsync(string artistKey, CancellationToken cancellationToken) =>
        database.QueryFirstAsync<WatchedArtist>(
            $"""
            select {Columns}
            from public.watchlist_artists w
            where w.artist_key = @artistKey
            """,
            new { artistKey },
            cancellationToken);

    /// <summary>Null when the artist is already on the list.</summary>
    public Task<WatchedArtist?> AddAsync(
        Work work, string artistKey, int priority, string backlog, DateOnly? since, CancellationToken cancellationToken) =>
        work.QueryFirstAsync<WatchedArtist>(
            $"""
            insert into public.watchlist_artists as w (
                artist_key, spotify_artist_id, source_artist_id, name, priority, backlog, since)
            select
                @artistKey,
                split_part(@artistKey, ':', 2),
                a.id,
                a.name,
                @priority,
                @backlog,
                @since
            from (select 1) one
            left join public.artists a on a.artist_key = @artistKey
            on conflict (artist_key) do nothing
            returning {Columns}
            """,
            new { artistKey, priority, backlog, since },
            cancellationToken);

    public Task<WatchedArtist?> SetPriorityAsync(Work work, string artistKey, int priority, CancellationToken cancellationToken) =>
        work.QueryFirstAsync<WatchedArtist>(
            $"""
            update public.watchlist_artists w
            set
                priority = @priority,
                updated_at = harmony.now()
            where w.artist_key = @artistKey
            returning {Columns}
            """,
            new { artistKey, priority },
            cancellationToken);

    public Task<WatchedArtist?> PauseAsync(Work work, string artistKey, string reason, DateTimeOffset? resumeAt, CancellationToken cancellationToken) =>
        PauseAsync(work, artistKey, reason, resumeAt, null, cancellationToken);

    public Task<WatchedArtist?> PauseForAsync(Work work, string artistKey, string reason, TimeSpan length, CancellationToken cancellationToken) =>
        PauseAsync(work, artistKey, reason, null, length, cancellationToken);

    private static Task<WatchedArtist?> PauseAsync(
        Work work, string artistKey, string reason, DateTimeOffset? resumeAt, TimeSpan? length, CancellationToken cancellationToken) =>
        work.QueryFirstAsync<WatchedArtist>(
            $"""
            update public.watchlist_artists w
            set
                stop_reason = @reason,
                retry_block_until = coalesce(@resumeAt, harmony.now() + @length),
                updated_at = harmony.now()
            where w.artist_key = @artistKey
            returning {Columns}
            """,
            new { artistKey, reason, resumeAt, length },
            cancellationToken);

    public Task<WatchedArtist?> ResumeAsync(Work work, string artistKey, CancellationToken cancellationToken) =>
        work.QueryFirstAsync<WatchedArtist>(
            $"""
            update public.watchlist_artists w
            set
                stop_reason = null,
                retry_block_until = null,
                updated_at = harmony.now()
            where w.artist_key = @artistKey
            returning {Columns}
            """,
            new { artistKey },
            cancellationToken);

    public async Task<bool> RemoveAsync(Work work, string artistKey, CancellationToken cancellationToken) =>
        await work.ExecuteAsync(
            "delete from public.watchlist_artists where artist_key = @artistKey",
            new { artistKey },
            cancellationToken) > 0;

    /// <summary>Claims the due artists of both lists in one statement: highest priority first, then the longest wait.</summary>
    public Task<IReadOnlyList<DueArtist>> ClaimDueAsync(Work work, TimeSpan minimumAge, int limit, CancellationToken cancellationToken) =>
        work.QueryAsync<DueArtist>(
            """
            select
                d.artist_key,
                d.priority,
                d.synced
            from public.claim_due_artists(@minimumAge, @limit) d
            """,
            new { minimumAge, limit },
            cancellationToken);

    /// <summary>
    /// Records a failed check of a watched artist. True at the last permitted failure: then the cooldown starts, and the budget is full again.
    /// A paused artist stays paused.
    /// </summary>
    public async Task<bool> SpendTryAsync(Work work, string artistKey, int budget, TimeSpan rest, CancellationToken cancellationToken) =>
        await work.QueryFirstAsync<bool>(
            """
            with spent as (
                update public.watchlist_artists w
                set
                    retry_budget_left = nullif(least(coalesce(w.retry_budget_left, @budget), @budget) - 1, 0),
                    retry_block_until = case
                        when least(coalesce(w.retry_budget_left, @budget), @budget) > 1 or w.stop_reason is not null then w.retry_block_until
                        else harmony.now() + @rest
                    end,
                    updated_at = harmony.now()
                where w.artist_key = @artistKey
                returning w.retry_budget_left is null as spent
            )
            select coalesce((select s.spent from spent s), false)
            """,
            new { artistKey, budget, rest },
            cancellationToken);

    /// <summary>The artists a claim would take or skip now, without claiming: up to a limit, and at least one for each reason that occurs.</summary>
    public Task<IReadOnlyList<WatchPlan>> PlanAsync(TimeSpan minimumAge, int limit, int most, CancellationToken cancellationToken) =>
        database.QueryAsync<WatchPlan>(
            """
            with clock as materialized (
                select harmony.now() as now
            ),
            seen as (
                select
                    s.artist_key,
                    s.priority,
                    greatest(s.last_enqueued_at, s.last_synced_at) as last_turn,
                    false as watched,
                    case
                        when s.cooldown_until > c.now then 'resting'
                        when greatest(s.last_enqueued_at, s.last_synced_at) > c.now - @minimumAge then 'looked_at_recently'
                    end as why,
                    case
                        when s.cooldown_until > c.now then s.cooldown_until
                        else greatest(s.last_enqueued_at, s.last_synced_at) + @minimumAge
                    end as until
                from public.artist_watchlist s, clock c
                union all
                select
                    w.artist_key,
                    w.priority,
                    greatest(w.last_enqueued_at, w.last_checked),
                    true,
                    case
                        when w.stop_reason is not null and (w.retry_block_until is null or w.retry_block_until > c.now) then 'paused'
                        when w.retry_block_until > c.now then 'resting'
                        when greatest(w.last_enqueued_at, w.last_checked) > c.now - @minimumAge then 'looked_at_recently'
                    end,
                    case
                        when w.retry_block_until > c.now then w.retry_block_until
                        when w.stop_reason is null then greatest(w.last_enqueued_at, w.last_checked) + @minimumAge
                    end
                from public.watchlist_artists w, clock c
            ),
            picked as (
                select
                    x.artist_key,
                    row_number() over (order by x.priority desc, x.last_turn nulls first, x.artist_key) as place
                from (
                    select distinct on (d.artist_key)
                        d.artist_key,
                        d.priority,
                        d.last_turn
                    from seen d
                    where d.why is null
                    order by d.artist_key, d.priority desc, d.last_turn nulls first
                ) x
            ),
            told as (
                select
                    x.artist_key,
                    bool_or(x.watched and x.why is distinct from 'paused') as watched,
                    bool_or(not x.watched) as synced,
                    max(x.priority) as priority,
                    max(x.last_turn) as last_turn,
                    min(p.place) as place,
                    case
                        when min(p.place) <= @limit then null
                        when min(p.place) is not null then 'later_this_round'
                        else min(x.why)
                    end as why,
                    case when min(p.place) is null then min(x.until) end as until
                from seen x
                left join picked p on p.artist_key = x.artist_key
                group by x.artist_key
            )
            select
                t.artist_key,
                a.name,
                t.watched,
                t.synced,
                t.priority,
                t.last_turn,
                t.why,
                t.until,
                t.alike
            from (
                select
                    u.*,
                    count(*) over (partition by u.why) as alike,
                    row_number() over (partition by u.why order by u.place, u.until nulls last, u.artist_key) as nth,
                    row_number() over (order by u.why is not null, u.place nulls last, u.until nulls last, u.artist_key) as row
                from told u
            ) t
            left join public.artists a on a.artist_key = t.artist_key
            where t.row <= @most
                or t.nth = 1
            order by t.row
            """,
            new { minimumAge, limit, most },
            cancellationToken);

    /// <summary>A short check found no change: the turn of the artist is over, and its failures are cleared.</summary>
    public Task MarkUnchangedAsync(Work work, string artistKey, CancellationToken cancellationToken) =>
        work.ExecuteAsync(
            """
            update public.watchlist_artists w
            set
                last_checked = harmony.now(),
                retry_budget_left = null,
                retry_block_until = case when w.stop_reason is null then null else w.retry_block_until end,
                updated_at = harmony.now()
            where w.artist_key = @artistKey
            """,
            new { artistKey },
            cancellationToken);

    /// <summary>Ends the turn of this artist on both lists.</summary>
    public Task MarkDoneAsync(Work work, string artistKey, string? snapshot, TimeSpan cooldown, int decay, CancellationToken cancellationToken) =>
        work.ExecuteAsync(
            """
            with synced as (
                update public.artist_watchlist s
                set
                    last_synced_at = harmony.now(),
                    cooldown_until = harmony.now() + @cooldown,
                    priority = case when @decay = 0 then s.priority else greatest(0, s.priority - @decay) end,
                    updated_at = harmony.now()
                where s.artist_key = @artistKey
            )
            update public.watchlist_artists w
            set
                last_checked = harmony.now(),
                last_scan_at = harmony.now(),
                last_hash = coalesce(@snapshot, w.last_hash),
                retry_budget_left = null,
                retry_block_until = case when w.stop_reason is null then null else w.retry_block_until end,
                name = a.name,
                source_artist_id = a.id,
                updated_at = harmony.now()
            from public.artists a
            where w.artist_key = @artistKey
                and a.artist_key = @artistKey
            """,
            new { artistKey, snapshot, cooldown, decay },
            cancellationToken);
}
