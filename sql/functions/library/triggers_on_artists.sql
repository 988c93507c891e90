-- What is kept about an artist is forgotten when the artist changes (tell_evictions.sql).
-- Locks: SHARE ROW EXCLUSIVE on public.artists, only when this file has changed.
-- A start waits for writers, and they for it, half a second at a time.

create or replace trigger artists_inserted_evict after insert on public.artists
    referencing new table as new_rows for each statement execute function public.tell_evictions();

create or replace trigger artists_updated_evict after update on public.artists
    referencing old table as old_rows new table as new_rows for each statement execute function public.tell_evictions();

create or replace trigger artists_deleted_evict after delete on public.artists
    referencing old table as old_rows for each statement execute function public.tell_evictions();

create or replace trigger artists_truncated_evict after truncate on public.artists
    for each statement execute function public.tell_evictions();
