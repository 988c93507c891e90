namespace Harmony.Data.Watchlist;

/// <summary>The list behind <c>/artists/watchlist</c>: metadata only.</summary>
public sealed class ArtistWatchlistRepository(Database database)
{
    private const string Columns =
        """
        w.artist_key,
        w.priority,
        w.last_enqueued_at,
        w.last_synced_at,
        w.cooldown_until,
        w.created_at,
        w.updated_at
        """;

    public Task<IReadOnlyList<SyncedArtist>> ListAsync(int limit, long offset, CancellationToken cancellationToken) =>
        database.QueryAsync<SyncedArtist>(
            $"""
            select {Columns}, a.name
            from public.artist_watchlist w
            left join public.artists a on a.artist_key = w.artist_key
            order by w.priority desc, w.cooldown_until nulls first, w.artist_key
            limit @limit
            offset @offset
            """,
            new { limit, offset },
            cancellationToken);

    public Task<SyncedArtist?> FindAsync(string artistKey, CancellationToken cancellationToken) =>
        database.QueryFirstAsync<SyncedArtist>(
            $"""
            select {Columns}
            from public.artist_watchlist w
            where w.artist_key = @artistKey
            """,
            new { artistKey },
            cancellationToken);

    public Task<long> CountAsync(CancellationToken cancellationToken) =>
        database.QueryFirstAsync<long>("select count(*) from public.artist_watchlist", null, cancellationToken);

    /// <summary>Adds the artist, or sets both values of an existing one.</summary>
    public async Task<SyncedArtist> SaveAsync(
        Work work, string artistKey, int priority, DateTimeOffset? cooldownUntil, CancellationToken cancellationToken) =>
        (await work.QueryFirstAsync<SyncedArtist>(
            $"""
            insert into public.artist_watchlist as w (artist_key, priority, cooldown_until)
            values (@artistKey, @priority, @cooldownUntil)
            on conflict (artist_key) do update
            set
                priority = excluded.priority,
                cooldown_until = excluded.cooldown_until,
                updated_at = harmony.now()
            returning {Columns}
            """,
            new { artistKey, priority, cooldownUntil },
            cancellationToken))!;

    /// <summary>A cooldown continues; null when the artist is not on the list.</summary>
    public Task<SyncedArtist?> SetPriorityAsync(Work work, string artistKey, int priority, CancellationToken cancellationToken) =>
        work.QueryFirstAsync<SyncedArtist>(
            $"""
            update public.artist_watchlist w
            set
                priority = @priority,
                updated_at = harmony.now()
            where w.artist_key = @artistKey
            returning {Columns}
            """,
            new { artistKey, priority },
            cancellationToken);

    public async Task<bool> RemoveAsync(Work work, string artistKey, CancellationToken cancellationToken) =>
        await work.ExecuteAsync(
            "delete from public.artist_watchlist where artist_key = @artistKey",
            new { artistKey },
            cancellationToken) > 0;
}
