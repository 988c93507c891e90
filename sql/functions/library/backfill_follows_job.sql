-- A backfill whose job died or was deleted is failed or cancelled, and queued again when the job is requeued. Locks: the row of
-- public.backfill_jobs.

create or replace function public.backfill_follows_job() returns trigger
language plpgsql
as $$
begin
    update public.backfill_jobs b
    set
        state = case when new.state = 'Failed' then 'failed' else 'cancelled' end,
        error = coalesce(left(new.last_error, 2000), new.reason_code),
        finished_at = harmony.now(),
        updated_at = harmony.now()
    where b.id = new.args ->> 'backfill_id'
        and b.state in ('queued', 'running', 'paused')
        and (new.state = 'Failed' or (new.state = 'Deleted' and new.reason_code is distinct from 'superseded'));

    update public.backfill_jobs b
    set
        state = 'queued',
        error = null,
        finished_at = null,
        updated_at = harmony.now()
    where b.id = new.args ->> 'backfill_id'
        and b.state in ('failed', 'cancelled')
        and old.state in ('Failed', 'Deleted')
        and new.state in ('Enqueued', 'Scheduled');
    return null;
end
$$;
