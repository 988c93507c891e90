-- Writes the outcomes of many runs of one process and gives their tickets up, in one transaction. Answers per run: ok; lost (the run no
-- longer held its job: nothing was written); locked (the job is being changed at this moment: try again).
-- Endings: succeeded; discarded (Deleted); dead (Failed, a dead letter); retry (a Failed row for the history, then Scheduled); snoozed and
-- parked (Scheduled, no attempt spent); returned (the process stops: waiting again at once). The delay of a retry is computed in C#
-- (Harmony.Orchestrator, RetryPolicy) and arrives in seconds as d; counting attempts is done here and in ledger/follow_state.sql.
-- A run that parks under a key that was woken while it ran is due at once (enqueue/wake.sql).
--
-- Locks, in this order:
-- 1. an advisory lock per wake key, by key, only where a run parks;
-- 2. hangfire.jobqueue, all tickets of the jobs, by id: tickets first, as a fetch does, or the two would wait for each other;
-- 3. hangfire.lock, the lock rows of the jobs, by job id (core/job_locks.sql);
-- 4. hangfire.job, by id;
-- 5. harmony.job, by the trigger in ledger/follow_state.sql, and the timers and parameters of the jobs;
-- 6. harmony.provider_gate, by provider, only where a gate has failures or is not closed (gates/gate_outcomes.sql).
-- All other tickets of a job go with the one that ran.
--
-- Planner settings: rows are reached by key, one by one, whatever the statistics say, so sequential scans and hash and merge joins are off;
-- a generic plan is kept, because planning anew costs more than the rows do (docs/adr/0010-plans-that-do-not-age.md).
-- The functions called from here inherit these settings, unless they have their own.

create or replace function harmony.finish_many(p_server text, p_results jsonb) returns table (job_id bigint, answer text)
language plpgsql
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
    v_now timestamptz := harmony.now();
    v_all harmony.outcome[];
    v_ok harmony.outcome[];
    v_jobs bigint[];
    v_endings text[];
    v_locked bigint[];
    v_key text;
begin
    select array_agg(x order by x.j), array_agg(x.j order by x.j), array_agg(distinct x.o)
    into v_all, v_jobs, v_endings
    from jsonb_populate_recordset(null::harmony.outcome, p_results) x;
    if v_all is null then
        return;
    end if;

    -- A wake and the park it wakes exclude each other by this lock; keys in order, so that two servers cannot deadlock.
    if 'parked' = any (v_endings) then
        for v_key in select distinct x.k from unnest(v_all) x where x.o = 'parked' order by 1 loop
            perform pg_advisory_xact_lock(hashtextextended('harmony.wake:' || v_key, 0));
        end loop;
    end if;

    -- Tickets first and lock rows afterwards, as in a fetch, or a late end and a takeover would wait for each other.
    perform q.id
    from hangfire.jobqueue q
    where q.jobid = any (v_jobs)
    order by q.id
    for update;

    v_locked := harmony.lock_jobs(v_jobs);
    -- v_all is in the order of job ids, and so the rows are locked.
    select array_agg(x) into v_ok
    from unnest(v_all) x
    cross join lateral (select h.stateid, h.statename from hangfire.job h where h.id = x.j limit 1 for update) h
    where x.j = any (v_locked)
        and h.stateid = x.f
        and h.statename = 'Processing';

    if v_ok is not null then
        if 'succeeded' = any (v_endings) then
            perform harmony.finish_succeeded(v_ok, v_now);
        end if;
        if 'discarded' = any (v_endings) then
            perform harmony.finish_discarded(v_ok, v_now);
        end if;
        if v_endings && array['snoozed', 'parked', 'retry'] then
            perform harmony.finish_later(v_ok, v_now, p_server);
        end if;
        if 'dead' = any (v_endings) then
            perform harmony.finish_dead(v_ok, v_now, p_server);
        end if;
        if 'returned' = any (v_endings) then
            perform harmony.finish_returned(v_ok, v_now);
        end if;
        perform harmony.gate_outcomes(v_ok);
        delete from hangfire.jobqueue q
        where q.jobid = any (array(select x.j from unnest(v_ok) x))
            and q.id <> all (array(select x.t from unnest(v_ok) x where x.o = 'returned'));
    end if;
    perform harmony.unlock_jobs(v_locked);

    return query
    select
        x.j,
        case
            when x.f = any (array(select ok.f from unnest(v_ok) ok)) then 'ok'
            when x.j = any (v_locked) then 'lost'
            else 'locked'
        end
    from unnest(v_all) x;
end
$$;

create or replace function harmony.finish_succeeded(p_ok harmony.outcome[], p_now timestamptz) returns void
language plpgsql
as $$
declare
    v_jobs bigint[];
    v_reasons text[];
    v_data jsonb[];
begin
    select
        array_agg(x.j),
        array_agg(null::text),
        array_agg(jsonb_strip_nulls(jsonb_build_object(
            'SucceededAt', harmony.millis(p_now),
            'PerformanceDuration', coalesce(x.ms, 0)::text,
            'Latency', greatest(0, floor(extract(epoch from coalesce(l.started_at, p_now) - l.created_at) * 1000))::bigint::text,
            'Result', x.res)))
    into v_jobs, v_reasons, v_data
    from unnest(p_ok) x
    left join lateral (select l.started_at, l.created_at from harmony.job l where l.job_id = x.j limit 1) l on true
    where x.o = 'succeeded';
    perform harmony.count_stats('succeeded', harmony.write_states(v_jobs, 'Succeeded', v_reasons, v_data, interval '24 hours'), true);
end
$$;

-- Deleted, with a reason.
create or replace function harmony.finish_discarded(p_ok harmony.outcome[], p_now timestamptz) returns void
language plpgsql
as $$
declare
    v_jobs bigint[];
    v_reasons text[];
    v_data jsonb[];
begin
    select
        array_agg(x.j),
        array_agg(x.r),
        array_agg(jsonb_build_object('DeletedAt', harmony.millis(p_now), 'ReasonCode', coalesce(x.c, 'discarded')))
    into v_jobs, v_reasons, v_data
    from unnest(p_ok) x
    where x.o = 'discarded';
    perform harmony.count_stats('deleted', harmony.write_states(v_jobs, 'Deleted', v_reasons, v_data, interval '24 hours'), true);
end
$$;

-- Snoozed, parked, and failed with a retry ahead: all three wait as Scheduled.
create or replace function harmony.finish_later(p_ok harmony.outcome[], p_now timestamptz, p_server text) returns void
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

    -- The trigger has just set the ledger to Scheduled; what a parked job waits for is added here. The signal that it
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
create or replace function harmony.finish_dead(p_ok harmony.outcome[], p_now timestamptz, p_server text) returns void
language plpgsql
as $$
declare
    v_jobs bigint[];
    v_reasons text[];
    v_data jsonb[];
begin
    select
        array_agg(x.j),
        array_agg(coalesce(x.r, 'An exception occurred during performance of the job.')),
        array_agg(harmony.failed_data(x, p_now, p_server))
    into v_jobs, v_reasons, v_data
    from unnest(p_ok) x
    where x.o = 'dead';
    perform harmony.count_stats('failed', harmony.write_states(v_jobs, 'Failed', v_reasons, v_data, null), false);
end
$$;

-- Given back at shutdown: waiting again at once, no attempt spent, and a row that says so (it also ends a crash streak).
create or replace function harmony.finish_returned(p_ok harmony.outcome[], p_now timestamptz) returns void
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

-- The data of a Failed row as Hangfire's dashboard reads it, and our reason code.
create or replace function harmony.failed_data(x harmony.outcome, p_now timestamptz, p_server text) returns jsonb
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
