-- What is kept about an artist is forgotten when a release changes (tell_evictions.sql).
-- Locks: SHARE ROW EXCLUSIVE on public.artist_releases, only when this file has changed.
-- A start waits for writers, and they for it, half a second at a time.

create or replace trigger artist_releases_inserted_evict after insert on public.artist_releases
    referencing new table as new_rows for each statement execute function public.tell_evictions();

create or replace trigger artist_releases_updated_evict after update on public.artist_releases
    referencing old table as old_rows new table as new_rows for each statement execute function public.tell_evictions();

create or replace trigger artist_releases_deleted_evict after delete on public.artist_releases
    referencing old table as old_rows for each statement execute function public.tell_evictions();

create or replace trigger artist_releases_truncated_evict after truncate on public.artist_releases
    for each statement execute function public.tell_evictions();
