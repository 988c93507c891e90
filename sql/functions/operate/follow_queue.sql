-- Writes the queue of jobs, which the ledger already has, where Hangfire keeps it: ticket, timer, and the job's own field. Used by
-- set_priority.sql and fleet/sync_kinds.sql.
-- Locks, in this order: tickets, timers, rows of hangfire.job.

create or replace function harmony.follow_queue(p_job_ids bigint[], p_was text[], p_queues text[]) returns void
language sql
as $$
    update hangfire.jobqueue q
    set queue = m.queue
    from unnest(p_job_ids, p_was, p_queues) as m (job_id, was, queue)
    where q.jobid = m.job_id
        and q.queue = m.was;

    update hangfire.set s
    set value = m.queue || ':' || m.job_id
    from unnest(p_job_ids, p_was, p_queues) as m (job_id, was, queue)
    where s.key = 'schedule'
        and s.value = m.was || ':' || m.job_id;

    update hangfire.job h
    set invocationdata = h.invocationdata || jsonb_build_object('Queue', m.queue)
    from unnest(p_job_ids, p_was, p_queues) as m (job_id, was, queue)
    where h.id = m.job_id;
$$;
