-- Rows of the library follow the state of their jobs in the ledger, each by the function of its name.
-- Locks: SHARE ROW EXCLUSIVE on harmony.job, only when this file has changed.
-- A start waits for writers, and they for it, half a second at a time.

-- The conditions are short, because PostgreSQL parses those of every trigger anew in every statement that updates the table; the functions
-- decide the rest.
create or replace trigger downloads_follow_job after update of state on harmony.job
    for each row
    when (new.kind = 'download' and new.state is distinct from old.state)
    execute function public.downloads_follow_job();

create or replace trigger downloads_follow_enrichment after update of state on harmony.job
    for each row
    when (new.kind in ('metadata', 'artwork', 'lyrics') and new.state is distinct from old.state)
    execute function public.downloads_follow_enrichment();

create or replace trigger backfill_follows_job after update of state on harmony.job
    for each row
    when (new.kind = 'backfill' and new.state is distinct from old.state)
    execute function public.backfill_follows_job();

create or replace trigger search_follows_job after update of state on harmony.job
    for each row
    when (new.kind = 'search' and new.state is distinct from old.state)
    execute function public.search_follows_job();

create or replace trigger poller_comes_back after update of state on harmony.job
    for each row
    when (new.kind = 'transfer_poll' and new.state is distinct from old.state)
    execute function public.poller_comes_back();

create or replace trigger harmony_name_music_job before insert on harmony.job
    for each row
    when (
        new.title is null
        and new.kind in ('artist_sync', 'artist_refresh', 'artist_scan', 'search', 'download', 'metadata', 'artwork', 'lyrics', 'backfill'))
    execute function public.name_music_job();
