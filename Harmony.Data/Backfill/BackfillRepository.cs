namespace Harmony.Data.Backfill;

/// <summary>Backfill runs and their counts.</summary>
public sealed class BackfillRepository(Database database)
{
    private const string Columns =
        """
        b.id,
        b.state,
        b.requested,
        b.processed,
        b.matched,
        b.cache_hits,
        b.cache_misses,
        b.expanded_playlists,
        b.expanded_tracks,
        b.expand_playlists,
        b.include_cached_results,
        b.duration_ms,
        b.error
        """;

    public Task<BackfillRun?> FindAsync(string id, CancellationToken cancellationToken) =>
        database.QueryFirstAsync<BackfillRun>(
            $"""
            select {Columns}
            from public.backfill_jobs b
            where b.id = @id
            """,
            new { id },
            cancellationToken);

    public Task<IReadOnlyList<BackfillRun>> ListAsync(int limit, CancellationToken cancellationToken) =>
        database.QueryAsync<BackfillRun>(
            $"""
            select {Columns}
            from public.backfill_jobs b
            order by b.created_at desc, b.id desc
            limit @limit
            """,
            new { limit },
            cancellationToken);

    public Task CreateAsync(
        Work work, string id, int maxItems, bool expandPlaylists, bool includeCachedResults, CancellationToken cancellationToken) =>
        work.ExecuteAsync(
            """
            insert into public.backfill_jobs (id, max_items, expand_playlists, include_cached_results)
            values (@id, @maxItems, @expandPlaylists, @includeCachedResults)
            """,
            new { id, maxItems, expandPlaylists, includeCachedResults },
            cancellationToken);

    /// <summary>Sets the number of items of the run; a resumed run keeps its count.</summary>
    public Task StartAsync(Work work, string id, long unmatched, CancellationToken cancellationToken) =>
        work.ExecuteAsync(
            """
            update public.backfill_jobs
            set
                state = 'running',
                requested = case when started_at is null then least(max_items, @unmatched) else requested end,
                started_at = coalesce(started_at, harmony.now()),
                updated_at = harmony.now()
            where id = @id
                and state in ('queued', 'running')
            """,
            new { id, unmatched },
            cancellationToken);

    /// <summary>Counts one item, in the transaction that settles the item.</summary>
    public Task CountAsync(Work work, string id, bool matched, bool cacheHit, CancellationToken cancellationToken) =>
        work.ExecuteAsync(
            """
            update public.backfill_jobs
            set
                processed = processed + 1,
                requested = greatest(requested, processed + 1),
                matched = matched + case when @matched then 1 else 0 end,
                cache_hits = cache_hits + case when @cacheHit then 1 else 0 end,
                cache_misses = cache_misses + case when @cacheHit then 0 else 1 end,
                updated_at = harmony.now()
            where id = @id
            """,
            new { id, matched, cacheHit },
            cancellationToken);

    /// <summary>Ends a running run; a pause or cancel in the meantime wins.</summary>
    public Task FinishAsync(Work work, string id, CancellationToken cancellationToken) =>
        work.ExecuteAsync(
            """
            update public.backfill_jobs
            set
                state = 'completed',
                finished_at = harmony.now(),
                duration_ms = floor(extract(epoch from harmony.now() - started_at) * 1000),
                updated_at = harmony.now()
            where id = @id
                and state = 'running'
            """,
            new { id },
            cancellationToken);
}
