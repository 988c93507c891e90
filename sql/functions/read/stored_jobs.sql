-- Hangfire's jobs and their states, for readers that need not know the name of its schema. Takes no lock.

create or replace function harmony.stored_jobs() returns table (job_id bigint, state_id bigint, state text)
language sql stable
as $$
    select
        h.id,
        h.stateid,
        h.statename
    from hangfire.job h
$$;
