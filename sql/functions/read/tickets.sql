-- Hangfire's tickets, for readers that need not know the name of its schema. A function and not a view: a view would stand in the way of a
-- later version of Hangfire that changes a column. Takes no lock.

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
