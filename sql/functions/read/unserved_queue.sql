-- The queue in which a job waits although no running server listens to it: it will not run until one does. Null for every other job.
-- Locks: none.

create or replace function harmony.unserved_queue(p_job_id bigint, p_state text) returns text
language sql stable
as $$
    select q.queue
    from hangfire.jobqueue q
    where p_state = 'Enqueued'
        and q.jobid = p_job_id
        and q.queue <> 'parked'
        and not exists (
            select
            from hangfire.server s
            where s.lastheartbeat > harmony.now() - interval '1 minute'
                and s.data -> 'Queues' ? q.queue)
    limit 1
$$;
