namespace Harmony.Data.Artists;

/// <summary>Releases and their tracks.</summary>
public sealed class ReleasesRepository(Database database)
{
    private const string Columns =
        """
        r.id,
        r.artist_key,
        r.source,
        r.source_id,
        r.title,
        r.album_artist,
        r.release_date,
        r.released_on,
        r.release_type,
        r.total_tracks,
        r.cover_url,
        r.genres,
        r.copyright,
        r.etag,
        r.version,
        r.metadata,
        r.tracks_read_at,
        r.inactive_at,
        r.created_at,
        r.updated_at
        """;

    /// <summary>The releases for REST and the pages: all that the source still lists, newest first.</summary>
    public Task<IReadOnlyList<Release>> ListActiveAsync(string artistKey, CancellationToken cancellationToken) =>
        database.QueryAsync<Release>(
            $"""
            select {Columns}
            from public.artists a
            join public.artist_releases r on r.artist_id = a.id
            where a.artist_key = @artistKey
                and r.inactive_at is null
            order by r.released_on desc nulls last, r.updated_at desc, r.id
            """,
            new { artistKey },
            cancellationToken);

    /// <summary>All releases ever seen, including removed ones: a delta compares against them.</summary>
    public Task<IReadOnlyList<Release>> ListAllAsync(long artistId, CancellationToken cancellationToken) =>
        database.QueryAsync<Release>(
            $"""
            select {Columns}
            from public.artist_releases r
            where r.artist_id = @artistId
            order by r.id
            """,
            new { artistId },
            cancellationToken);

    public Task<Release?> FindAsync(long releaseId, CancellationToken cancellationToken) =>
        database.QueryFirstAsync<Release>(
            $"""
            select {Columns}
            from public.artist_releases r
            where r.id = @releaseId
            """,
            new { releaseId },
            cancellationToken);

    public Task<IReadOnlyList<Track>> ListTracksAsync(long releaseId, CancellationToken cancellationToken) =>
        database.QueryAsync<Track>(
            """
            select
                t.id,
                t.source_id,
                t.title,
                t.disc_number,
                t.track_number,
                t.duration_ms,
                t.isrc,
                t.artists
            from public.release_tracks t
            where t.release_id = @releaseId
            order by t.disc_number, t.track_number, t.id
            """,
            new { releaseId },
            cancellationToken);

    /// <summary>Writes new and changed releases; the tracks of a changed or returned release are read again.</summary>
    public Task SaveAsync(Work work, long artistId, string artistKey, IReadOnlyList<ReleaseWrite> releases, CancellationToken cancellationToken) =>
        work.ExecuteAsync(
            """
            insert into public.artist_releases as r (
                artist_id, artist_key, source, source_id, title, album_artist, release_date, released_on,
                release_type, total_tracks, cover_url, etag)
            select
                @artistId,
                @artistKey,
                split_part(@artistKey, ':', 1),
                n.source_id,
                n.title,
                n.album_artist,
                n.release_date,
                n.released_on,
                n.release_type,
                n.total_tracks,
                n.cover_url,
                n.etag
            from jsonb_to_recordset(cast(@releases as jsonb)) as n (
                source_id text, title text, album_artist text, release_date text, released_on date,
                release_type text, total_tracks integer, cover_url text, etag text)
            on conflict (artist_id, source, source_id) do update
            set
                title = excluded.title,
                album_artist = excluded.album_artist,
                release_date = excluded.release_date,
                released_on = excluded.released_on,
                release_type = excluded.release_type,
                total_tracks = excluded.total_tracks,
                cover_url = excluded.cover_url,
                etag = excluded.etag,
                version = r.version + 1,
                tracks_read_at = null,
                inactive_at = null,
                inactive_reason = null,
                updated_at = harmony.now()
            """,
            new { artistId, artistKey, releases = RowJson.Write(releases) },
            cancellationToken);

    public Task DeactivateAsync(Work work, IReadOnlyList<long> releaseIds, string reason, CancellationToken cancellationToken) =>
        work.ExecuteAsync(
            """
            update public.artist_releases
            set
                inactive_at = harmony.now(),
                inactive_reason = @reason,
                version = version + 1,
                updated_at = harmony.now()
            where id = any (@releaseIds)
                and inactive_at is null
            """,
            new { releaseIds = releaseIds.ToArray(), reason },
            cancellationToken);

    /// <summary>Their tracks are deleted with them; downloads stay, without a release.</summary>
    public Task DeleteAsync(Work work, IReadOnlyList<long> releaseIds, CancellationToken cancellationToken) =>
        work.ExecuteAsync("delete from public.artist_releases where id = any (@releaseIds)", new { releaseIds = releaseIds.ToArray() }, cancellationToken);

    /// <summary>Writes the whole track list of each release, as just read; tracks that are no longer in it are deleted.</summary>
    public Task SaveDetailsAsync(Work work, IReadOnlyList<ReleaseDetails> details, CancellationToken cancellationToken) =>
        // One round trip. The session keeps a plan that was made while the tables were small: it must not read whole tables (ADR 10).
        work.ExecuteAsync(
            """
            set local enable_seqscan = off;
            update public.artist_releases r
            set
                cover_url = coalesce(r.cover_url, n.cover_url),
                genres = coalesce(n.genres, '{}'),
                copyright = n.copyright,
                label = n.label,
                upc = n.upc,
                tracks_read_at = harmony.now()
            from jsonb_to_recordset(cast(@rows as jsonb)) as n (
                release_id bigint, cover_url text, genres text[], copyright text, label text, upc text)
            where r.id = n.release_id
                and r.id = any (@ids);
            delete from public.release_tracks t
            using jsonb_to_recordset(cast(@rows as jsonb)) as n (release_id bigint, tracks jsonb)
            where t.release_id = n.release_id
                and t.release_id = any (@ids)
                and not exists (
                    select from jsonb_to_recordset(n.tracks) as k (source_id text) where k.source_id = t.source_id);
            insert into public.release_tracks as t (
                release_id, source, source_id, title, disc_number, track_number, duration_ms, isrc, explicit, artists)
            select distinct on (r.id, k.source_id)
                r.id,
                r.source,
                k.source_id,
                k.title,
                k.disc_number,
                k.track_number,
                k.duration_ms,
                k.isrc,
                k.explicit,
                k.artists
            from jsonb_to_recordset(cast(@rows as jsonb)) as n (release_id bigint, tracks jsonb)
            join public.artist_releases r on r.id = n.release_id and r.id = any (@ids)
            cross join lateral jsonb_to_recordset(n.tracks) as k (
                source_id text, title text, disc_number integer, track_number integer, duration_ms integer,
                isrc text, explicit boolean, artists jsonb)
            order by r.id, k.source_id
            on conflict (release_id, source_id) do update
            set
                title = excluded.title,
                disc_number = excluded.disc_number,
                track_number = excluded.track_number,
                duration_ms = excluded.duration_ms,
                isrc = coalesce(excluded.isrc, t.isrc),
                explicit = excluded.explicit,
                artists = excluded.artists,
                updated_at = harmony.now()
            """,
            new { rows = RowJson.Write(details), ids = details.Select(d => d.ReleaseId).ToArray() },
            cancellationToken);

    /// <summary>The ISRC is often missing in a track list and known only for the single track.</summary>
    public Task LearnIsrcAsync(Work work, long trackId, string isrc, CancellationToken cancellationToken) =>
        work.ExecuteAsync(
            """
            update public.release_tracks
            set
                isrc = @isrc,
                updated_at = harmony.now()
            where id = @trackId
                and isrc is distinct from @isrc
            """,
            new { trackId, isrc },
            cancellationToken);

    /// <summary>The release's id; an unknown release gets a row, and its artist another tag. An existing one is not changed.</summary>
    public async Task<long> EnsureAsync(Work work, long artistId, string artistKey, ReleaseWrite release, CancellationToken cancellationToken)
    {
        if (await FindIdAsync(work, artistId, release.SourceId, cancellationToken) is { } known)
            return known;

        await SaveAsync(work, artistId, artistKey, [release], cancellationToken);
        await work.ExecuteAsync(
            """
            update public.artists
            set
                etag = md5(etag || @SourceId),
                version = version + 1,
                updated_at = harmony.now()
            where id = @artistId
            """,
            new { artistId, release.SourceId },
            cancellationToken);
        return await FindIdAsync(work, artistId, release.SourceId, cancellationToken)
            ?? throw new InvalidOperationException($"release {release.SourceId} was saved and is not there");
    }

    public Task<long> FindTrackIdAsync(Work work, long releaseId, string sourceId, CancellationToken cancellationToken) =>
        work.QueryFirstAsync<long>(
            """
            select t.id
            from public.release_tracks t
            where t.release_id = @releaseId
                and t.source_id = @sourceId
            """,
            new { releaseId, sourceId },
            cancellationToken);

    private static Task<long?> FindIdAsync(Work work, long artistId, string sourceId, CancellationToken cancellationToken) =>
        work.QueryFirstAsync<long?>(
            """
            select r.id
            from public.artist_releases r
            where r.artist_id = @artistId
                and r.source_id = @sourceId
            """,
            new { artistId, sourceId },
            cancellationToken);
}
