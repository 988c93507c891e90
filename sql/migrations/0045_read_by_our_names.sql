-- What only Hangfire's tables know, for readers that need not know what their schema is called. (Functions, not views: a view
-- would stand in the way of a later version of Hangfire that changes a column.)

create function harmony.tickets() returns table (ticket_id bigint, job_id bigint, queue text, fetched_at timestamptz)
language sql stable
as $$
    select
        q.id,
        q.jobid,
        q.queue,
        q.fetchedat
    from hangfire.jobqueue q
$$;

create function harmony.timers() returns table (job_id bigint)
language sql stable
as $$
    select substring(s.value from '([0-9]{1,18})$')::bigint
    from hangfire.set s
    where s.key = 'schedule'
$$;

create function harmony.stored_jobs() returns table (job_id bigint, state_id bigint, state text)
language sql stable
as $$
    select
        h.id,
        h.stateid,
        h.statename
    from hangfire.job h
$$;

-- Whether the trigger that keeps the ledger is there and switched on.
create function harmony.ledger_is_kept() returns boolean
language sql stable
as $$
    select exists (
        select
        from pg_trigger g
        where g.tgrelid = 'hangfire.state'::regclass
            and g.tgname = 'harmony_follow_state'
            and g.tgenabled in ('O', 'A'))
$$;
