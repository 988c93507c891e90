-- How runs end: outcomes of many runs are written, and their tickets given up, in one transaction.

create type harmony.outcome as (
    t bigint,          -- ticket
    j bigint,          -- job
    f bigint,          -- fence
    o text,            -- succeeded, snoozed, parked, discarded, retry, dead, returned
    ms bigint,         -- how long the run took
    r text,            -- reason
    c text,            -- reason code
    d double precision,-- delay in seconds
    k text,            -- wake key
    res text,          -- result as JSON text
    et text,           -- exception type
    em text,           -- exception message
    ed text            -- exception details
);

-- Answers per job: ok; lost (the run no longer held it: nothing was written); locked (a click is changing it: try again).
create function harmony.finish_many(p_server text, p_results jsonb) returns table (job_id bigint, answer text)
language plpgsql
as $$
#variable_conflict use_column
declare
    v_now timestamptz := harmony.now();
    v_all harmony.outcome[];
    v_ok harmony.outcome[];
    v_locked bigint[];
    v_key text;
begin
    select array_agg(x order by x.j) into v_all
    from jsonb_populate_recordset(null::harmony.outcome, p_results) x;
    if v_all is null then
        return;
    end if;

    -- A wake and the park it wakes exclude each other by this lock; keys in order, so that two servers cannot deadlock.
    for v_key in select distinct x.k from unnest(v_all) x where x.o = 'parked' order by 1 loop
        perform pg_advisory_xact_lock(hashtextextended('harmony.wake:' || v_key, 0));
    end loop;

    v_locked := harmony.lock_jobs((select array_agg(x.j) from unnest(v_all) x));
    perform h.id
    from hangfire.job h
    where h.id = any (v_locked)
    order by h.id
    for update;

    select array_agg(x order by x.j) into v_ok
    from unnest(v_all) x
    join hangfire.job h on h.id = x.j
    where x.j = any (v_locked)
        and h.stateid = x.f
        and h.statename = 'Processing';

    if v_ok is not null then
        perform harmony.finish_done(v_ok, v_now);
        perform harmony.finish_later(v_ok, v_now, p_server);
        perform harmony.finish_dead(v_ok, v_now, p_server);
        perform harmony.finish_returned(v_ok, v_now);
        delete from hangfire.jobqueue q
        using unnest(v_ok) x
        where q.id = x.t
            and x.o <> 'returned';
    end if;
    perform harmony.unlock_jobs(v_locked);

    return query
    select
        x.j,
        case
            when ok.j is not null then 'ok'
            when x.j = any (v_locked) then 'lost'
            else 'locked'
        end
    from unnest(v_all) x
    left join unnest(v_ok) ok on ok.j = x.j;
end
$$;

-- Succeeded and Deleted.
create function harmony.finish_done(p_ok harmony.outcome[], p_now timestamptz) returns void
language plpgsql
as $$
declare
    v_count bigint;
begin
    with rows as materialized (
        select x.*, h.createdat, l.started_at
        from unnest(p_ok) x
        join hangfire.job h on h.id = x.j
        left join harmony.job l on l.job_id = x.j
        where x.o = 'succeeded'
    ),
    agg as (
        select
            array_agg(x.j) as jobs,
            array_agg(null::text) as reasons,
            array_agg(jsonb_strip_nulls(jsonb_build_object(
                'SucceededAt', harmony.millis(p_now),
                'PerformanceDuration', coalesce(x.ms, 0)::text,
                'Latency', greatest(0, floor(extract(epoch from coalesce(x.started_at, p_now) - x.createdat) * 1000))::bigint::text,
                'Result', x.res))) as data
        from rows x
    )
    select harmony.write_states_counted(a.jobs, 'Succeeded', a.reasons, a.data, interval '24 hours')
    into v_count
    from agg a
    where a.jobs is not null;
    perform harmony.count_stats('succeeded', coalesce(v_count, 0), true);

    select harmony.write_states_counted(a.jobs, 'Deleted', a.reasons, a.data, interval '24 hours')
    into v_count
    from (
        select
            array_agg(x.j) as jobs,
            array_agg(x.r) as reasons,
            array_agg(jsonb_build_object(
                'DeletedAt', harmony.millis(p_now), 'ReasonCode', coalesce(x.c, 'discarded'))) as data
        from unnest(p_ok) x
        where x.o = 'discarded'
    ) a
    where a.jobs is not null;
    perform harmony.count_stats('deleted', coalesce(v_count, 0), true);
end
$$;

create function harmony.write_states_counted(
    p_job_ids bigint[], p_name text, p_reasons text[], p_data jsonb[], p_expire_in interval
) returns bigint
language plpgsql
as $$
begin
    perform harmony.write_states(p_job_ids, p_name, p_reasons, p_data, p_expire_in);
    return cardinality(p_job_ids);
end
$$;

create function harmony.failed_data(x harmony.outcome, p_now timestamptz, p_server text) returns jsonb
language sql immutable
as $$
    select jsonb_strip_nulls(jsonb_build_object(
        'FailedAt', harmony.millis(p_now),
        'ExceptionType', coalesce(x.et, 'System.Exception'),
        'ExceptionMessage', coalesce(x.em, ''),
        'ExceptionDetails', coalesce(x.ed, ''),
        'ServerId', p_server,
        'ReasonCode', x.c))
$$;

-- Snoozed, parked, and failed with a retry ahead: all three wait as Scheduled.
create function harmony.finish_later(p_ok harmony.outcome[], p_now timestamptz, p_server text) returns void
language plpgsql
as $$
begin
    if not exists (select from unnest(p_ok) x where x.o in ('snoozed', 'parked', 'retry')) then
        return;
    end if;

    with rows as materialized (
        select
            x.*,
            l.queue,
            l.attempts,
            l.max_retries,
            nextval('hangfire.state_id_seq') as failed_id,
            nextval('hangfire.state_id_seq') as state_id,
            case when missed.woken_at is not null then p_now
                else p_now + make_interval(secs => greatest(coalesce(x.d, 0), 0)) end as due,
            missed.woken_at
        from unnest(p_ok) x
        join harmony.job l on l.job_id = x.j
        left join harmony.wake_signal missed
            on x.o = 'parked'
            and missed.key = x.k
            and missed.woken_at > coalesce(l.wake_seen, '-infinity')
            and missed.woken_at >= l.started_at - interval '1 minute'
        where x.o in ('snoozed', 'parked', 'retry')
    ),
    failures as (
        insert into hangfire.state (id, jobid, name, reason, createdat, data)
        select
            w.failed_id,
            w.j,
            'Failed',
            'An exception occurred during performance of the job.',
            p_now,
            harmony.failed_data((w.t, w.j, w.f, w.o, w.ms, w.r, w.c, w.d, w.k, w.res, w.et, w.em, w.ed)::harmony.outcome, p_now, p_server)
        from rows w
        where w.o = 'retry'
        union all
        select
            w.state_id,
            w.j,
            'Scheduled',
            case w.o
                when 'retry' then format('Retry attempt %s of %s: %s', w.attempts + 1, w.max_retries,
                    case when length(w.em) > 50 then left(w.em, 49) || '…' else w.em end)
                when 'parked' then 'Parked: ' || w.r
                else 'Snoozed: ' || w.r
            end,
            p_now,
            jsonb_build_object('EnqueueAt', harmony.millis(w.due), 'ScheduledAt', harmony.millis(p_now))
        from rows w
        order by 1
    ),
    jobs as (
        update hangfire.job h
        set
            stateid = w.state_id,
            statename = 'Scheduled',
            expireat = null
        from rows w
        where h.id = w.j
    ),
    timers as (
        insert into hangfire.set (key, score, value)
        select 'schedule', ceil(extract(epoch from w.due)), w.queue || ':' || w.j
        from rows w
        on conflict (key, value) do update set score = excluded.score
    ),
    retries as (
        insert into hangfire.set (key, score, value)
        select 'retries', 0, w.j::text
        from rows w
        where w.o = 'retry'
        on conflict (key, value) do nothing
    ),
    counted as (
        update hangfire.jobparameter p
        set value = (w.attempts + 1)::text
        from rows w
        where w.o = 'retry'
            and p.jobid = w.j
            and p.name = 'RetryCount'
    )
    insert into hangfire.jobparameter (jobid, name, value)
    select w.j, 'RetryCount', (w.attempts + 1)::text
    from rows w
    where w.o = 'retry'
        and not exists (
            select from hangfire.jobparameter p where p.jobid = w.j and p.name = 'RetryCount');

    -- The trigger has just set the ledger to Scheduled; what a parked job waits for is ours to add. The signal that it
    -- missed is used up, so that one wake never causes more than one extra run.
    update harmony.job l
    set
        wake_key = x.k,
        wake_seen = coalesce((select s.woken_at from harmony.wake_signal s where s.key = x.k), l.wake_seen)
    from unnest(p_ok) x
    where x.o = 'parked'
        and l.job_id = x.j;
end
$$;

-- Dead letters.
create function harmony.finish_dead(p_ok harmony.outcome[], p_now timestamptz, p_server text) returns void
language plpgsql
as $$
declare
    v_count bigint;
begin
    select harmony.write_states_counted(a.jobs, 'Failed', a.reasons, a.data, null)
    into v_count
    from (
        select
            array_agg(x.j) as jobs,
            array_agg(coalesce(x.r, 'An exception occurred during performance of the job.')) as reasons,
            array_agg(harmony.failed_data(x, p_now, p_server)) as data
        from unnest(p_ok) x
        where x.o = 'dead'
    ) a
    where a.jobs is not null;
    perform harmony.count_stats('failed', coalesce(v_count, 0), false);
end
$$;

-- Given back at shutdown: waiting again at once, no attempt spent, and a row that says so (it also ends a crash streak).
create function harmony.finish_returned(p_ok harmony.outcome[], p_now timestamptz) returns void
language plpgsql
as $$
begin
    if not exists (select from unnest(p_ok) x where x.o = 'returned') then
        return;
    end if;

    perform harmony.write_states(a.jobs, 'Enqueued', a.reasons, a.data, null)
    from (
        select
            array_agg(x.j) as jobs,
            array_agg('Returned: ' || coalesce(x.r, 'the worker stopped')) as reasons,
            array_agg(jsonb_build_object('EnqueuedAt', harmony.millis(p_now), 'Queue', l.queue)) as data
        from unnest(p_ok) x
        join harmony.job l on l.job_id = x.j
        where x.o = 'returned'
    ) a;
    update hangfire.jobqueue q
    set fetchedat = null
    from unnest(p_ok) x
    where q.id = x.t
        and x.o = 'returned';
    perform pg_notify('new_job', '');
end
$$;

-- Due timers become tickets, as Hangfire's delayed scheduler does for jobs with a queue of their own.
create function harmony.release_due(p_limit integer) returns integer
language plpgsql
as $$
declare
    v_released integer;
begin
    with due as materialized (
        select s.id
        from hangfire.set s
        where s.key = 'schedule'
            and s.score <= extract(epoch from harmony.now())
            and s.value ~ '^[a-z0-9_-]+:[0-9]{1,18}$'
        order by s.score
        limit p_limit
        for update skip locked
    ),
    gone as (
        delete from hangfire.set s
        using due d
        where s.id = d.id
        returning s.value
    )
    insert into hangfire.jobqueue (jobid, queue)
    select split_part(g.value, ':', 2)::bigint, split_part(g.value, ':', 1)
    from gone g;
    get diagnostics v_released = row_count;
    if v_released > 0 then
        perform pg_notify('new_job', '');
    end if;
    return v_released;
end
$$;

-- Tickets whose lease ran out wait again; whose kinds are no longer blocked come back from the parking queue.
create function harmony.rescue(p_limit integer) returns integer
language plpgsql
as $$
declare
    v_lease interval;
    v_blocked text[] := harmony.blocked_kinds();
    v_rescued integer;
    v_back integer;
begin
    select make_interval(secs => f.lease_seconds) into v_lease from harmony.fleet f;

    with expired as materialized (
        select q.id
        from hangfire.jobqueue q
        join harmony.job l on l.job_id = q.jobid
        where q.fetchedat < harmony.now() - v_lease
            and l.lane is not null
        limit p_limit
        for update of q skip locked
    )
    update hangfire.jobqueue q
    set fetchedat = null
    from expired e
    where q.id = e.id;
    get diagnostics v_rescued = row_count;

    with free as materialized (
        select q.id, l.queue
        from hangfire.jobqueue q
        join harmony.job l on l.job_id = q.jobid
        where q.queue = 'parked'
            and q.fetchedat is null
            and l.kind <> all (v_blocked)
        order by q.id
        limit p_limit
        for update of q skip locked
    )
    update hangfire.jobqueue q
    set queue = f.queue
    from free f
    where q.id = f.id;
    get diagnostics v_back = row_count;

    if v_rescued + v_back > 0 then
        perform pg_notify('new_job', '');
    end if;
    return v_rescued;
end
$$;
