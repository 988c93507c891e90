using Dapper;

namespace Harmony.Data.Artists;

/// <summary>Artists, their aliases and the audit of what syncs changed.</summary>
public sealed class ArtistsRepository(Database database)
{
    public Task<Artist?> FindAsync(string artistKey, CancellationToken cancellationToken) =>
        database.QueryFirstAsync<Artist>(
            """
            select
                a.id,
                a.artist_key,
                a.source,
                a.source_id,
                a.name,
                a.genres,
                a.images,
                a.popularity,
                a.metadata,
                a.etag,
                a.version,
                a.created_at,
                a.updated_at
            from public.artists a
            where a.artist_key = @artistKey
            """,
            new { artistKey },
            cancellationToken);

    /// <summary>The time since the stored artist was last confirmed; null when it is not stored.</summary>
    public Task<TimeSpan?> FindAgeAsync(string artistKey, CancellationToken cancellationToken) =>
        database.QueryFirstAsync<TimeSpan?>(
            """
            select harmony.now() - greatest(a.updated_at, s.last_synced_at, w.last_scan_at)
            from public.artists a
            left join public.artist_watchlist s on s.artist_key = a.artist_key
            left join public.watchlist_artists w on w.artist_key = a.artist_key
            where a.artist_key = @artistKey
            """,
            new { artistKey },
            cancellationToken);

    /// <summary>The rows of the artists page: newest change first, with the share of files on disk.</summary>
    public Task<IReadOnlyList<ArtistSummary>> ListAsync(string? search, int limit, int offset, CancellationToken cancellationToken) =>
        database.QueryAsync<ArtistSummary>(
            """
            select
                a.artist_key,
                a.name,
                a.genres,
                (select count(*)
                    from public.artist_releases r
                    where r.artist_id = a.id and r.inactive_at is null) as releases,
                counts.tracks,
                counts.completed,
                counts.active,
                counts.failed,
                w.id is not null as watched,
                w.last_checked,
                a.updated_at
            from public.artists a
            left join public.watchlist_artists w on w.artist_key = a.artist_key
            cross join lateral (
                select
                    count(*) as tracks,
                    count(*) filter (where d.state = 'completed') as completed,
                    count(*) filter (where d.state in ('queued', 'downloading')) as active,
                    count(*) filter (where d.state in ('failed', 'dead_letter')) as failed
                from public.artist_releases r
                join public.release_tracks t on t.release_id = r.id
                left join lateral (
                    select x.state
                    from public.downloads x
                    where x.spotify_track_id = t.source_id
                    order by x.id desc
                    limit 1
                ) d on true
                where r.artist_id = a.id
                    and r.inactive_at is null
            ) counts
            where @search is null
                or a.name ilike @pattern
                or exists (select from public.artist_aliases l where l.artist_id = a.id and l.alias ilike @pattern)
            order by lower(a.name), a.id
            limit @limit
            offset @offset
            """,
            new { search, pattern = Pattern(search), limit, offset },
            cancellationToken);

    public Task<long> CountAsync(string? search, CancellationToken cancellationToken) =>
        database.QueryFirstAsync<long>(
            """
            select count(*)
            from public.artists a
            where @search is null
                or a.name ilike @pattern
                or exists (select from public.artist_aliases l where l.artist_id = a.id and l.alias ilike @pattern)
            """,
            new { search, pattern = Pattern(search) },
            cancellationToken);

    // The text is literal: a percent sign is a percent sign.
    private static string Pattern(string? search) =>
        $"%{search?.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal)}%";

    public Task<IReadOnlyList<string>> ListAliasesAsync(long artistId, CancellationToken cancellationToken) =>
        database.QueryAsync<string>(
            """
            select l.alias
            from public.artist_aliases l
            where l.artist_id = @artistId
            order by lower(l.alias)
            """,
            new { artistId },
            cancellationToken);

    /// <summary>Newest first; <paramref name="beforeId"/> is the last row the caller has.</summary>
    public Task<IReadOnlyList<ArtistAudit>> ListAuditAsync(string artistKey, long? beforeId, int limit, CancellationToken cancellationToken) =>
        database.QueryAsync<ArtistAudit>(
            """
            select
                u.id,
                u.created_at,
                u.job_id,
                u.artist_key,
                u.entity_type,
                u.entity_id,
                u.event,
                u.before,
                u.after
            from public.artist_audit u
            where u.artist_key = @artistKey
                and (@beforeId is null or u.id < @beforeId)
            order by u.id desc
            limit @limit
            """,
            new { artistKey, beforeId, limit },
            cancellationToken);

    /// <summary>Locks the artist until the transaction ends. Returns its version, or null when it is not stored yet.</summary>
    public async Task<long?> LockAsync(Work work, string artistKey, CancellationToken cancellationToken)
    {
        // Two statements in one round trip: the second sees the commits that the first one waited for.
        await using var sets = await work.Connection.QueryMultipleAsync(new CommandDefinition(
            """
            select pg_advisory_xact_lock(hashtextextended('artist ' || @artistKey, 0));
            select a.version from public.artists a where a.artist_key = @artistKey
            """,
            new { artistKey },
            work.Transaction,
            cancellationToken: cancellationToken));
        await sets.ReadAsync();
        return await sets.ReadFirstOrDefaultAsync<long?>();
    }

    /// <summary>Writes a new or changed artist with a new version, its new names and the history of the change, including its releases.</summary>
    public Task<long> SaveAsync(
        Work work, ArtistWrite artist, IReadOnlyList<string> newAliases, long jobId, IReadOnlyList<ArtistAuditWrite> changes, CancellationToken cancellationToken) =>
        work.QueryFirstAsync<long>(
            """
            insert into public.artists as a (artist_key, source, source_id, name, genres, images, etag)
            values (@ArtistKey, @Source, @SourceId, @Name, @Genres, cast(@ImagesJson as jsonb), @Etag)
            on conflict (artist_key) do update
            set
                name = excluded.name,
                genres = excluded.genres,
                images = excluded.images,
                etag = excluded.etag,
                version = a.version + 1,
                updated_at = harmony.now()
            returning a.id;
            insert into public.artist_aliases (artist_id, alias)
            select a.id, n.alias
            from public.artists a, unnest(@newAliases) as n (alias)
            where a.artist_key = @ArtistKey
            on conflict (artist_id, lower(alias)) do nothing;
            insert into public.artist_audit (job_id, artist_key, entity_type, entity_id, event, before, after)
            select @jobId, @ArtistKey, c.entity_type, c.entity_id, c.event, c.before, c.after
            from jsonb_to_recordset(cast(@changes as jsonb))
                as c (entity_type text, entity_id text, event text, before jsonb, after jsonb)
            """,
            new
            {
                artist.ArtistKey,
                artist.Source,
                artist.SourceId,
                artist.Name,
                Genres = artist.Genres.ToArray(),
                artist.ImagesJson,
                artist.Etag,
                newAliases = newAliases.ToArray(),
                jobId,
                changes = RowJson.Write(changes),
            },
            cancellationToken);

    /// <summary>The artist's id; an unknown artist gets a row that releases can refer to, an existing one is not changed.</summary>
    public async Task<long> EnsureAsync(Work work, ArtistWrite artist, CancellationToken cancellationToken)
    {
        await work.ExecuteAsync(
            """
            insert into public.artists (artist_key, source, source_id, name, etag)
            values (@ArtistKey, @Source, @SourceId, @Name, @Etag)
            on conflict (artist_key) do nothing
            """,
            new { artist.ArtistKey, artist.Source, artist.SourceId, artist.Name, artist.Etag },
            cancellationToken);
        return await work.QueryFirstAsync<long>(
            "select a.id from public.artists a where a.artist_key = @ArtistKey",
            new { artist.ArtistKey },
            cancellationToken);
    }
}
