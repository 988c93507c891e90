-- Gives a job of music its title when it is enqueued, whoever enqueues it: the artist, the track or the search it is about.
-- An artist that is not known yet has its key as the title until the first run knows its name (run/set_title.sql). Other kinds have no title. Locks: none.

create or replace function public.name_music_job() returns trigger
language plpgsql
as $$
begin
    new.title := case
        when new.kind in ('artist_sync', 'artist_refresh', 'artist_scan') then coalesce(
            (select a.name from public.artists a where a.artist_key = new.args ->> 'artist_key'),
            (select w.name from public.watchlist_artists w where w.artist_key = new.args ->> 'artist_key'),
            new.args ->> 'artist_key')
        when new.kind = 'search' then (
            select s.query from public.release_searches s where s.id::text = new.args ->> 'search_id')
        when new.kind in ('download', 'metadata', 'artwork', 'lyrics') then (
            select d.artist || ' — ' || d.title from public.downloads d where d.id::text = new.args ->> 'download_id')
        when new.kind = 'backfill' then new.args ->> 'backfill_id'
    end;
    new.title := left(new.title, 200);
    return new;
end
$$;
