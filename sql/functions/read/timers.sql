-- The jobs that Hangfire's schedule set has, for readers that need not know the name of its schema. Takes no lock.

create or replace function harmony.timers() returns table (job_id bigint)
language sql stable
as $$
    select substring(s.value from '([0-9]{1,18})$')::bigint
    from hangfire.set s
    where s.key = 'schedule'
$$;
