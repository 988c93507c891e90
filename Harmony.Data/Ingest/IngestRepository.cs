namespace Harmony.Data.Ingest;

/// <summary>Posted lists and their items.</summary>
public sealed class IngestRepository(Database database)
{
    public Task<IngestJob?> FindJobAsync(string id, CancellationToken cancellationToken) =>
        database.QueryFirstAsync<IngestJob>(
            """
            select
                j.id,
                j.source,
                j.state,
                j.accepted_playlists,
                j.accepted_tracks,
                j.accepted_batches,
                j.skipped_playlists,
                j.skipped_tracks,
                j.skip_reason,
                j.error,
                count(i.id) filter (where i.state = 'registered') as registered,
                count(i.id) filter (where i.state = 'normalized') as normalized,
                count(i.id) filter (where i.state = 'queued') as queued,
                count(i.id) filter (where i.state = 'completed') as completed,
                count(i.id) filter (where i.state = 'failed') as failed,
                j.created_at,
                j.updated_at
            from public.ingest_jobs j
            left join public.ingest_items i on i.job_id = j.id
            where j.id = @id
            group by j.id
            """,
            new { id },
            cancellationToken);

    public Task<long> CountOpenJobsAsync(CancellationToken cancellationToken) =>
        database.QueryFirstAsync<long>(
            """
            select count(*)
            from public.ingest_jobs
            where state in ('registered', 'normalized', 'queued')
            """,
            null,
            cancellationToken);

    public async Task RegisterAsync(Work work, IngestRegistration job, IReadOnlyList<IngestItemWrite> items, CancellationToken cancellationToken)
    {
        await work.ExecuteAsync(
            """
            insert into public.ingest_jobs (
                id, source, state, accepted_tracks, accepted_batches, skipped_tracks, skip_reason)
            values (@Id, @Source, @State, @AcceptedTracks, @AcceptedBatches, @SkippedTracks, @SkipReason)
            """,
            job,
            cancellationToken);
        await work.ExecuteAsync(
            """
            insert into public.ingest_items (
                job_id, position, source_type, raw_line, artist, title, album, duration_sec, dedupe_hash, state)
            select
                @id,
                n.position,
                n.source_type,
                n.raw_line,
                n.artist,
                n.title,
                n.album,
                n.duration_sec,
                n.dedupe_hash,
                'normalized'
            from jsonb_to_recordset(cast(@items as jsonb)) as n (
                position integer, source_type text, raw_line text, artist text, title text, album text,
                duration_sec integer, dedupe_hash text)
            on conflict (job_id, dedupe_hash) do nothing
            """,
            new { id = job.Id, items = RowJson.Write(items) },
            cancellationToken);
    }

    /// <summary>Tracks without a Spotify id, oldest first.</summary>
    public Task<IngestItem?> NextUnmatchedAsync(CancellationToken cancellationToken) =>
        database.QueryFirstAsync<IngestItem>(
            """
            select
                i.id,
                i.job_id,
                i.raw_line,
                i.artist,
                i.title,
                i.album,
                i.duration_sec,
                i.isrc
            from public.ingest_items i
            where i.spotify_track_id is null
                and i.source_type <> 'LINK'
                and i.state in ('registered', 'normalized')
            order by i.created_at, i.id
            limit 1
            """,
            null,
            cancellationToken);

    public Task<long> CountUnmatchedAsync(Work work, CancellationToken cancellationToken) =>
        work.QueryFirstAsync<long>(
            """
            select count(*)
            from public.ingest_items i
            where i.spotify_track_id is null
                and i.source_type <> 'LINK'
                and i.state in ('registered', 'normalized')
            """,
            null,
            cancellationToken);

    public async Task<bool> MatchAsync(Work work, long itemId, IngestMatch match, CancellationToken cancellationToken) =>
        await work.ExecuteAsync(
            """
            update public.ingest_items i
            set
                spotify_track_id = @TrackId,
                spotify_album_id = @AlbumId,
                isrc = coalesce(@Isrc, i.isrc),
                download_id = @DownloadId,
                state = case when d.state = 'completed' then 'completed' else 'queued' end,
                updated_at = harmony.now()
            from public.downloads d
            where i.id = @itemId
                and d.id = @DownloadId
                and i.spotify_track_id is null
                and i.state in ('registered', 'normalized')
            """,
            new { itemId, match.TrackId, match.AlbumId, match.Isrc, match.DownloadId },
            cancellationToken) > 0;

    public async Task<bool> FailAsync(Work work, long itemId, string error, CancellationToken cancellationToken) =>
        await work.ExecuteAsync(
            """
            update public.ingest_items
            set
                state = 'failed',
                error = @error,
                updated_at = harmony.now()
            where id = @itemId
                and state in ('registered', 'normalized')
            """,
            new { itemId, error },
            cancellationToken) > 0;

    public Task CompleteOfDownloadAsync(Work work, long downloadId, CancellationToken cancellationToken) =>
        work.ExecuteAsync(
            """
            update public.ingest_items
            set
                state = 'completed',
                updated_at = harmony.now()
            where download_id = @downloadId
                and state = 'queued'
            """,
            new { downloadId },
            cancellationToken);

    /// <summary>A list is completed when none of its items waits and at least one was queued, failed when none was queued.</summary>
    public Task SettleJobAsync(Work work, string jobId, CancellationToken cancellationToken) =>
        work.ExecuteAsync(
            """
            update public.ingest_jobs j
            set
                state = case when c.queued > 0 then 'completed' else 'failed' end,
                error = case
                    when c.failed > 0 then c.queued || ' queued, ' || c.failed || ' failed'
                end,
                updated_at = harmony.now()
            from (
                select
                    count(*) filter (where i.state in ('registered', 'normalized')) as open,
                    count(*) filter (where i.state in ('queued', 'completed')) as queued,
                    count(*) filter (where i.state = 'failed') as failed
                from public.ingest_items i
                where i.job_id = @jobId
            ) c
            where j.id = @jobId
                and c.open = 0
                and j.state in ('registered', 'normalized', 'queued')
            """,
            new { jobId },
            cancellationToken);
}

public sealed record IngestRegistration(
    string Id, string Source, string State, int AcceptedTracks, int AcceptedBatches, int SkippedTracks, string? SkipReason);

public sealed record IngestMatch(string TrackId, string? AlbumId, string? Isrc, long DownloadId);
