-- A download's row follows its job: dead letter, cancel, retry and requeue show on it, whatever caused them. When a job succeeds it has moved the
-- row itself. A requeued download starts from its file if there is one, else from a fresh search with no peer denied.
-- It must never raise: that would fail the state change of the writer.
-- Locks: the row of public.downloads, then rows of public.ingest_items.

create or replace function public.downloads_follow_job() returns trigger
language plpgsql
as $$
declare
    v_id bigint := public.download_of(new.args);
begin
    if new.state = 'Failed' then
        update public.downloads d
        set
            state = 'dead_letter',
            reason = new.reason_code,
            last_error = left(new.last_error, 2000),
            retry_count = new.attempts,
            next_retry_at = null,
            updated_at = harmony.now()
        where d.id = v_id
            and d.state in ('queued', 'downloading');

        update public.ingest_items i
        set
            state = 'failed',
            error = coalesce(new.reason_code, 'queue_error'),
            updated_at = harmony.now()
        where i.download_id = v_id
            and i.state = 'queued';
    elsif new.state = 'Deleted' and new.reason_code is distinct from 'superseded' then
        update public.downloads d
        set
            state = 'cancelled',
            reason = coalesce(d.reason, new.reason_code),
            next_retry_at = null,
            updated_at = harmony.now()
        where d.id = v_id
            and d.state in ('queued', 'downloading');
    elsif new.state = 'Scheduled' and new.attempts > 0 then
        update public.downloads d
        set
            retry_count = new.attempts,
            next_retry_at = new.due_at,
            last_error = left(new.last_error, 2000),
            updated_at = harmony.now()
        where d.id = v_id
            and d.state in ('queued', 'downloading')
            and d.retry_count <> new.attempts;
    elsif old.state in ('Failed', 'Deleted') and new.state in ('Enqueued', 'Scheduled') then
        perform public.revive_download(v_id);
    end if;
    return null;
end
$$;

-- A requeued download starts from its file if there is one, else from a fresh search with no peer denied.
create or replace function public.revive_download(p_id bigint) returns void
language plpgsql
as $$
begin
    update public.downloads d
    set
        state = case when d.stage in ('landed', 'verified', 'tagged') then 'downloading' else 'queued' end,
        stage = case when d.stage in ('landed', 'verified', 'tagged') then d.stage else 'wanted' end,
        denied_peers = '[]',
        deny_until = null,
        search_after = harmony.now(),
        searches = 0,
        next_search_at = null,
        search_requested_by = null,
        closest = null,
        reason = null,
        retry_count = 0,
        next_retry_at = null,
        updated_at = harmony.now()
    where d.id = p_id
        and d.state in ('dead_letter', 'cancelled', 'failed');

    update public.ingest_items i
    set
        state = 'queued',
        error = null,
        updated_at = harmony.now()
    where i.download_id = p_id
        and i.state = 'failed';
exception when unique_violation then
    -- The track is on its way in another row; the job will find its own row ended and discard itself.
    null;
end
$$;

-- The download that a job's args name.
create or replace function public.download_of(p_args jsonb) returns bigint
language sql immutable
as $$
    select case when p_args ->> 'download_id' ~ '^[0-9]{1,18}$' then (p_args ->> 'download_id')::bigint end
$$;
