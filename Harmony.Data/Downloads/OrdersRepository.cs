namespace Harmony.Data.Downloads;

/// <summary>What people order and take back: tracks by name, and changes of one download.</summary>
public sealed class OrdersRepository(Database database)
{
    /// <summary>Inserts a row per track that is neither on its way nor in the library under the same artist and title; returns the rows of all of them, in order.</summary>
    public Task<IReadOnlyList<OrderedTrack>> OrderAsync(Work work, IReadOnlyList<TrackOrder> tracks, string requestedBy, CancellationToken cancellationToken) =>
        work.QueryAsync<OrderedTrack>(
            """
            with wished as materialized (
                select
                    w.*,
                    (
                        select d.id
                        from public.downloads d
                        where lower(d.artist) = lower(w.artist)
                            and lower(d.title) = lower(w.title)
                            and (w.album is null or lower(d.album) = lower(w.album))
                            and d.state in ('queued', 'downloading', 'completed')
                        order by d.id
                        limit 1
                    ) as known
                from jsonb_to_recordset(cast(@tracks as jsonb)) as w (
                    place integer, artist text, title text, album text, duration_ms integer, isrc text, priority integer)
            ),
            fresh as (
                insert into public.downloads (priority, requested_by, source, artist, title, album, duration_ms, isrc, request_payload)
                select w.priority, @requestedBy, 'manual', w.artist, w.title, w.album, w.duration_ms, w.isrc, jsonb_build_object('place', w.place)
                from wished w
                where w.known is null
                order by w.place
                returning id, cast(request_payload ->> 'place' as integer) as place
            )
            select
                coalesce(w.known, f.id) as id,
                w.known is not null as already_known
            from wished w
            left join fresh f on f.place = w.place
            order by w.place
            """,
            new { tracks = RowJson.Write(tracks), requestedBy },
            cancellationToken);

    /// <summary>The latest job of a download that is still kept.</summary>
    public Task<long?> FindJobAsync(long id, CancellationToken cancellationToken) =>
        database.QueryFirstAsync<long?>(
            """
            select j.job_id
            from harmony.job j
            join hangfire.job h on h.id = j.job_id
            where j.unique_key = 'download:' || @id
                and j.kind = 'download'
            order by j.job_id desc
            limit 1
            """,
            new { id },
            cancellationToken);

    /// <summary>Cancels a row that has no job; false when it has ended meanwhile.</summary>
    public async Task<bool> CancelAsync(Work work, long id, CancellationToken cancellationToken) =>
        await work.ExecuteAsync(
            """
            update public.downloads
            set
                state = 'cancelled',
                reason = 'cancelled',
                updated_at = harmony.now()
            where id = @id
                and state in ('queued', 'downloading')
            """,
            new { id },
            cancellationToken) > 0;

    /// <summary>Back to wanted, or to the file it has already: as a requeue of its job does.</summary>
    public Task ReviveAsync(Work work, long id, CancellationToken cancellationToken) =>
        work.ExecuteAsync("select public.revive_download(@id)", new { id }, cancellationToken);

    public async Task<bool> SetPriorityAsync(Work work, long id, int priority, CancellationToken cancellationToken) =>
        await work.ExecuteAsync(
            """
            update public.downloads
            set
                priority = @priority,
                updated_at = harmony.now()
            where id = @id
                and state in ('queued', 'downloading')
            """,
            new { id, priority },
            cancellationToken) > 0;
}

/// <summary>One ordered track; <c>Place</c> is its position in the order.</summary>
public sealed record TrackOrder(int Place, string Artist, string Title, string? Album, int? DurationMs, string? Isrc, int Priority);

public sealed record OrderedTrack
{
    public required long Id { get; init; }

    public required bool AlreadyKnown { get; init; }
}
