-- Rows of the library follow the state of their jobs in the ledger, each by the function of its name.
-- Locks: SHARE ROW EXCLUSIVE on harmony.job, only when this file has changed.
-- A start waits for writers, and they for it, half a second at a time.

create or replace trigger downloads_follow_job after update of state on harmony.job
    for each row
    when (new.kind = 'download' and new.state is distinct from old.state)
    execute function public.downloads_follow_job();

create or replace trigger downloads_follow_enrichment after update of state on harmony.job
    for each row
    when (
        new.kind in ('metadata', 'artwork', 'lyrics')
        and new.state is distinct from old.state
        and (new.state = 'Failed'
            or (new.state = 'Deleted' and new.reason_code is distinct from 'superseded')
            or (old.state in ('Failed', 'Deleted') and new.state in ('Enqueued', 'Scheduled'))))
    execute function public.downloads_follow_enrichment();

create or replace trigger backfill_follows_job after update of state on harmony.job
    for each row
    when (
        new.kind = 'backfill'
        and new.state is distinct from old.state
        and (new.state = 'Failed'
            or (new.state = 'Deleted' and new.reason_code is distinct from 'superseded')
            or (old.state in ('Failed', 'Deleted') and new.state in ('Enqueued', 'Scheduled'))))
    execute function public.backfill_follows_job();

create or replace trigger search_follows_job after update of state on harmony.job
    for each row
    when (
        new.kind = 'search'
        and new.state is distinct from old.state
        and (new.state = 'Failed' or (new.state = 'Deleted' and new.reason_code is distinct from 'superseded')))
    execute function public.search_follows_job();

create or replace trigger poller_comes_back after update of state on harmony.job
    for each row
    when (
        new.kind = 'transfer_poll'
        and new.state = 'Failed'
        and new.reason_code = 'crash_loop'
        and old.state is distinct from 'Failed')
    execute function public.poller_comes_back();

create or replace trigger harmony_name_music_job before insert on harmony.job
    for each row
    when (
        new.title is null
        and new.kind in ('artist_sync', 'artist_refresh', 'artist_scan', 'search', 'download', 'metadata', 'artwork', 'lyrics', 'backfill'))
    execute function public.name_music_job();
