namespace Harmony.Data.Backfill;

/// <summary>Cached Spotify matches of posted tracks.</summary>
public sealed class SpotifyCacheRepository(Database database)
{
    public Task<string?> FindTrackIdAsync(string key, CancellationToken cancellationToken) =>
        database.QueryFirstAsync<string>(
            """
            select c.track_id
            from public.spotify_cache c
            where c.key = @key
                and c.expires_at > harmony.now()
            """,
            new { key },
            cancellationToken);

    public Task SaveAsync(Work work, string key, string trackId, string? albumId, TimeSpan ttl, CancellationToken cancellationToken) =>
        work.ExecuteAsync(
            """
            insert into public.spotify_cache (key, track_id, album_id, expires_at)
            values (@key, @trackId, @albumId, harmony.now() + @ttl)
            on conflict (key) do update
            set
                track_id = excluded.track_id,
                album_id = excluded.album_id,
                expires_at = excluded.expires_at
            """,
            new { key, trackId, albumId, ttl },
            cancellationToken);
}
