create or replace function harmony.tickets() returns table (ticket_id bigint, job_id bigint, queue text, fetched_at timestamptz)
language sql stable
as $$
    select
        q.id,
        q.jobid,
        q.queue,
        q.fetchedat
    from hangfire.jobqueue q
$$;
