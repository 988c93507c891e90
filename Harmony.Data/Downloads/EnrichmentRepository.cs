namespace Harmony.Data.Downloads;

/// <summary>The additions to a shelved file, each with its own status.</summary>
public sealed class EnrichmentRepository
{
    /// <summary>Locks the file for one editor until this transaction ends; false while another one holds the lock.</summary>
    public Task<bool> TryLockFileAsync(Work work, string path, CancellationToken cancellationToken) =>
        work.QueryFirstAsync<bool>(
            "select pg_try_advisory_xact_lock(hashtextextended('harmony.file:' || @path, 0))",
            new { path },
            cancellationToken);

    public Task SaveMetadataAsync(Work work, long id, string? genre, string? copyright, string? isrc, CancellationToken cancellationToken) =>
        work.ExecuteAsync(
            """
            update public.downloads
            set
                genre = coalesce(@genre, genre),
                copyright = coalesce(@copyright, copyright),
                isrc = coalesce(@isrc, isrc),
                metadata_status = 'done',
                updated_at = harmony.now()
            where id = @id
            """,
            new { id, genre, copyright, isrc },
            cancellationToken);

    public Task SaveArtworkAsync(Work work, long id, string? url, string? path, string status, CancellationToken cancellationToken) =>
        work.ExecuteAsync(
            """
            update public.downloads
            set
                artwork_url = coalesce(@url, artwork_url),
                artwork_path = @path,
                artwork_status = @status,
                has_artwork = @status = 'done',
                updated_at = harmony.now()
            where id = @id
            """,
            new { id, url, path, status },
            cancellationToken);

    public Task SaveLyricsAsync(Work work, long id, string? path, string status, CancellationToken cancellationToken) =>
        work.ExecuteAsync(
            """
            update public.downloads
            set
                lyrics_path = @path,
                lyrics_status = @status,
                has_lyrics = @status = 'done',
                updated_at = harmony.now()
            where id = @id
            """,
            new { id, path, status },
            cancellationToken);
}
