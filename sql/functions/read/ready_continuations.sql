-- Jobs that wait (Hangfire's state Awaiting) for a job of ours that has ended: the worker starts them with Hangfire's own state
-- machine. Continuations of other jobs are started by Hangfire's filter in the process that ended the parent. Locks: none.

create or replace function harmony.ready_continuations(p_limit integer) returns table (child bigint, parent_state text, next_state text, options text)
language sql stable
as $$
    select
        h.id,
        p.state,
        s.data ->> 'NextState',
        s.data ->> 'Options'
    from hangfire.job h
    join hangfire.state s on s.id = h.stateid
    join harmony.job p on p.job_id = harmony.try_bigint(s.data ->> 'ParentId')
    where h.statename = 'Awaiting'
        and p.lane is not null
        and p.state in ('Succeeded', 'Deleted')
    order by h.id
    limit p_limit
$$;

-- Text that a client wrote, as a number; null where it is none.
create or replace function harmony.try_bigint(p_text text) returns bigint
language sql immutable
as $$
    select case when p_text ~ '^[0-9]{1,18}$' then p_text::bigint end
$$;
