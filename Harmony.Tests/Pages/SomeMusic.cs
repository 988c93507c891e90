using Harmony.Tests.Postgres;

namespace Harmony.Tests.Pages;

/// <summary>One watched artist with one release, one track and one download under way, all by one name.</summary>
internal static class SomeMusic
{
    public static Task AddAsync(TestDatabase database, string name, CancellationToken cancellationToken) =>
        database.Database.ExecuteAsync(
            """
            insert into public.artists (artist_key, source, source_id, name, genres, etag)
            values ('spotify:abc', 'spotify', 'abc', @name, array[@name], 'e');
            insert into public.watchlist_artists (artist_key, spotify_artist_id, source_artist_id, name, backlog, stop_reason)
            values ('spotify:abc', 'abc', 1, @name, 'all', @name);
            insert into public.artist_releases (artist_id, artist_key, source, source_id, title, album_artist, release_type, total_tracks, etag)
            values (1, 'spotify:abc', 'spotify', 'r', @name, @name, 'album', 1, 'e');
            insert into public.release_tracks (release_id, source, source_id, title, track_number)
            values (1, 'spotify', 't', @name, 1);
            insert into public.artist_audit (artist_key, entity_type, entity_id, event)
            values ('spotify:abc', 'release', @name, 'created');
            insert into public.downloads (
                state, stage, spotify_track_id, release_id, track_id, artist, title, album, username, slskd_batch_id, destination, requested_at, progress_at,
                bytes, bytes_total, progress, reason)
            values (
                'downloading', 'transferring', 't', 1, 1, @name, @name, @name, @name, gen_random_uuid(), 'd', now() - interval '9 s', now(),
                1000000, 4000000, 25, @name);
            """,
            new { name },
            cancellationToken);
}
