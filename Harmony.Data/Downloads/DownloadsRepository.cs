namespace Harmony.Data.Downloads;

/// <summary>Lists of downloads: wanted tracks, their progress, and rows without a job.</summary>
public sealed class DownloadsRepository(Database database)
{
    public Task<Download?> FindAsync(long id, CancellationToken cancellationToken) =>
        database.QueryFirstAsync<Download>(
            $"""
            select {DownloadColumns.All}
            from public.downloads d
            where d.id = @id
            """,
            new { id },
            cancellationToken);

    /// <summary>Without a state, all; the highest priority first, then the newest.</summary>
    public Task<IReadOnlyList<Download>> ListAsync(IReadOnlyList<string> states, int limit, int offset, CancellationToken cancellationToken) =>
        database.QueryAsync<Download>(
            $"""
            select {DownloadColumns.All}
            from public.downloads d
            where cardinality(@states) = 0
                or d.state = any (@states)
            order by d.priority desc, d.created_at desc, d.id desc
            limit @limit
            offset @offset
            """,
            new { states = states.ToArray(), limit, offset },
            cancellationToken);

    /// <summary>The rows of the downloads page: active ones first, then the last changed ones.</summary>
    public Task<IReadOnlyList<Download>> ListRecentAsync(IReadOnlyList<string> states, int limit, CancellationToken cancellationToken) =>
        database.QueryAsync<Download>(
            $"""
            select {DownloadColumns.All}
            from public.downloads d
            where cardinality(@states) = 0
                or d.state = any (@states)
            order by (d.state = 'downloading') desc, d.updated_at desc, d.id desc
            limit @limit
            """,
            new { states = states.ToArray(), limit },
            cancellationToken);

    public Task<long> CountAsync(IReadOnlyList<string> states, CancellationToken cancellationToken) =>
        database.QueryFirstAsync<long>(
            """
            select count(*)
            from public.downloads d
            where cardinality(@states) = 0
                or d.state = any (@states)
            """,
            new { states = states.ToArray() },
            cancellationToken);

    public Task<IReadOnlyList<DownloadCount>> CountByStateAsync(CancellationToken cancellationToken) =>
        database.QueryAsync<DownloadCount>(
            """
            select
                d.state,
                count(*) as count
            from public.downloads d
            group by d.state
            order by d.state
            """,
            null,
            cancellationToken);

    public Task<IReadOnlyList<Download>> ListOfReleaseAsync(long releaseId, CancellationToken cancellationToken) =>
        database.QueryAsync<Download>(
            $"""
            select {DownloadColumns.All}
            from public.downloads d
            where d.release_id = @releaseId
            order by d.id
            """,
            new { releaseId },
            cancellationToken);

    /// <summary>
    /// Inserts rows for the tracks of these releases that have none, in the order of the albums. A track among the dead letters is not
    /// requested again automatically, and a cancelled one only when that is asked for.
    /// </summary>
    public Task<IReadOnlyList<long>> WantMissingAsync(
        Work work, IReadOnlyList<long> releaseIds, int priority, string source, bool cancelledToo, CancellationToken cancellationToken) =>
        work.QueryAsync<long>(
            """
            insert into public.downloads (
                priority, requested_by, source, spotify_track_id, spotify_album_id, release_id, track_id,
                artist, title, album, duration_ms, isrc, artwork_url)
            select
                @priority,
                @source,
                @source,
                m.source_id,
                m.album_id,
                m.release_id,
                m.track_id,
                m.artist,
                m.title,
                m.album,
                m.duration_ms,
                m.isrc,
                m.cover_url
            from (
                select distinct on (t.source_id)
                    t.source_id,
                    r.source_id as album_id,
                    r.id as release_id,
                    t.id as track_id,
                    coalesce(t.artists -> 0 ->> 'name', r.album_artist) as artist,
                    t.title,
                    r.title as album,
                    nullif(t.duration_ms, 0) as duration_ms,
                    t.isrc,
                    r.cover_url,
                    r.released_on,
                    t.disc_number,
                    t.track_number
                from public.release_tracks t
                join public.artist_releases r on r.id = t.release_id
                where r.id = any (@releaseIds)
                    and r.inactive_at is null
                    and not exists (
                        select
                        from public.downloads d
                        where d.spotify_track_id = t.source_id
                            and d.state <> 'failed'
                            and (d.state <> 'cancelled' or not @cancelledToo))
                order by t.source_id, r.released_on desc nulls last, r.id
            ) m
            order by m.released_on desc nulls last, m.release_id, m.disc_number, m.track_number
            on conflict (spotify_track_id) where state in ('queued', 'downloading', 'completed') do nothing
            returning id
            """,
            new { releaseIds = releaseIds.ToArray(), priority, source, cancelledToo },
            cancellationToken);

    /// <summary>The number of rows <see cref="WantMissingAsync"/> would write now.</summary>
    public Task<long> CountMissingAsync(IReadOnlyList<long> releaseIds, bool cancelledToo, CancellationToken cancellationToken) =>
        database.QueryFirstAsync<long>(
            """
            select count(distinct t.source_id)
            from public.release_tracks t
            join public.artist_releases r on r.id = t.release_id
            where r.id = any (@releaseIds)
                and r.inactive_at is null
                and not exists (
                    select
                    from public.downloads d
                    where d.spotify_track_id = t.source_id
                        and d.state <> 'failed'
                        and (d.state <> 'cancelled' or not @cancelledToo))
            """,
            new { releaseIds = releaseIds.ToArray(), cancelledToo },
            cancellationToken);

    /// <summary>Inserts a row for one requested track; returns the live or completed row if there is one.</summary>
    public async Task<long> WantTrackAsync(Work work, long trackId, int priority, string source, string? requestedBy, CancellationToken cancellationToken) =>
        await work.QueryFirstAsync<long?>(
            """
            insert into public.downloads (
                priority, requested_by, source, spotify_track_id, spotify_album_id, release_id, track_id,
                artist, title, album, duration_ms, isrc, artwork_url)
            select
                @priority,
                @requestedBy,
                @source,
                t.source_id,
                r.source_id,
                r.id,
                t.id,
                coalesce(t.artists -> 0 ->> 'name', r.album_artist),
                t.title,
                r.title,
                nullif(t.duration_ms, 0),
                t.isrc,
                r.cover_url
            from public.release_tracks t
            join public.artist_releases r on r.id = t.release_id
            where t.id = @trackId
            on conflict (spotify_track_id) where state in ('queued', 'downloading', 'completed') do nothing
            returning id
            """,
            new { trackId, priority, source, requestedBy },
            cancellationToken)
        ?? await work.QueryFirstAsync<long>(
            """
            select d.id
            from public.downloads d
            join public.release_tracks t on t.source_id = d.spotify_track_id
            where t.id = @trackId
                and d.state in ('queued', 'downloading', 'completed')
            """,
            new { trackId },
            cancellationToken);

    public Task<bool> IsLiveAsync(Work work, long id, CancellationToken cancellationToken) =>
        work.QueryFirstAsync<bool>(
            "select exists (select from public.downloads d where d.id = @id and d.state in ('queued', 'downloading'))",
            new { id },
            cancellationToken);

    /// <summary>Live rows without a live job, oldest first: a job holds its claim for its whole life.</summary>
    public Task<IReadOnlyList<long>> ListWithoutJobAsync(Work work, TimeSpan untouchedFor, int limit, CancellationToken cancellationToken) =>
        work.QueryAsync<long>(
            """
            select d.id
            from public.downloads d
            where d.state in ('queued', 'downloading')
                and d.updated_at <= harmony.now() - @untouchedFor
                and not exists (
                    select
                    from harmony.job j
                    where j.kind = 'download'
                        and j.claim = 'download:' || d.id)
            order by d.updated_at, d.id
            limit @limit
            """,
            new { untouchedFor, limit },
            cancellationToken);
}

public sealed record DownloadCount
{
    public required string State { get; init; }

    public required long Count { get; init; }
}
