-- The ledger follows Hangfire's state table: when a worker, psql or a click in Hangfire's dashboard writes a state, the job's row in
-- harmony.job and its history in harmony.job_event are written in the same statement. A job that is not in the ledger is adopted. Rows that are
-- not the job's current state (the Failed row before a retry) only count. A job that leaves Succeeded, Failed or Deleted has its full number
-- of attempts again.
-- It must never raise: that would fail the state change of the writer.
-- Locks: rows of hangfire.jobparameter of revived jobs; rows of harmony.job.
-- Planner settings: rows are reached by key, one by one, whatever the statistics say, so sequential scans and hash and merge joins are off;
-- a generic plan is kept, because planning anew costs more than the rows do (docs/adr/0010-plans-that-do-not-age.md).

create or replace function harmony.follow_state() returns trigger
language plpgsql
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set plan_cache_mode = force_generic_plan
as $$
declare
    v_strangers bigint[];
    v_risen bigint[];
    v_failures bigint;
    v_is_plain boolean;
begin
    select
        array_agg(n.jobid) filter (where l.job_id is null),
        array_agg(n.jobid) filter (
            where l.state in ('Succeeded', 'Failed', 'Deleted')
                and l.state_id is distinct from n.id
                and n.name not in ('Succeeded', 'Failed', 'Deleted')),
        count(*) filter (where n.name = 'Failed'),
        count(distinct n.jobid) = count(*)
            -- Null, of a job without a ledger row, is not skipped but counts as false.
            and bool_and(coalesce(
                n.name in ('Processing', 'Succeeded')
                    and n.id = h.stateid
                    and n.id is distinct from l.state_id
                    and l.state in ('Enqueued', 'Scheduled', 'Processing'),
                false))
    into v_strangers, v_risen, v_failures, v_is_plain
    from new_states n
    left join lateral (select l.job_id, l.state, l.state_id from harmony.job l where l.job_id = n.jobid limit 1) l on true
    left join lateral (select h.stateid from hangfire.job h where h.id = n.jobid limit 1) h on true;

    -- Nearly all statements: each job starts or succeeds, once. It is what the general case below does, without what cannot happen here, at half
    -- the cost.
    if v_is_plain then
        insert into harmony.job_event (job_id, at, from_state, to_state, reason, actor, worker, duration_ms, state_id, data)
        select
            n.jobid,
            n.createdat,
            l.state,
            n.name,
            left(n.reason, 2000),
            harmony.actor(),
            n.data ->> 'ServerId',
            case when l.state = 'Processing' then floor(extract(epoch from n.createdat - l.started_at) * 1000) end,
            n.id,
            n.data
        from new_states n
        cross join lateral (select l.state, l.started_at from harmony.job l where l.job_id = n.jobid limit 1) l;

        update harmony.job l
        set
            state = n.name,
            state_id = n.id,
            reason = left(n.reason, 2000),
            reason_code = null,
            starts_in_a_row = case
                when n.name = 'Succeeded' then 0
                when l.state = 'Processing' then l.starts_in_a_row + 1
                else 1
            end,
            revived = l.revived and n.name = 'Succeeded',
            claim = case
                when n.name = 'Succeeded' then null
                when l.claim is not null and exists (
                    select from harmony.kind k where k.kind = l.kind and k.unique_until = 'started') then null
                else l.claim
            end,
            wake_key = null,
            result = case when n.name = 'Succeeded' and n.data ? 'Result' then harmony.try_jsonb(n.data ->> 'Result') end,
            worker = case when n.name = 'Processing' then n.data ->> 'ServerId' else l.worker end,
            started_at = case when n.name = 'Processing' then n.createdat else l.started_at end,
            finished_at = case when n.name = 'Succeeded' then n.createdat end,
            dead_lettered_at = null,
            duration_ms = case
                when n.name = 'Processing' then null
                when l.state = 'Processing' then floor(extract(epoch from n.createdat - l.started_at) * 1000)
                else l.duration_ms
            end
        from new_states n
        where l.job_id = n.jobid;
        return null;
    end if;

    if v_strangers is not null then
        perform harmony.adopt(v_strangers);
    end if;
    if v_risen is not null then
        delete from hangfire.jobparameter p
        where p.jobid = any (v_risen)
            and p.name = 'RetryCount'
            and exists (
                select
                from new_states n
                cross join lateral (select h.stateid from hangfire.job h where h.id = n.jobid limit 1) h
                where n.jobid = p.jobid
                    and h.stateid = n.id
                    and n.name not in ('Succeeded', 'Failed', 'Deleted'));
    end if;

    -- Counted, because the pages show failed runs for longer than the history keeps each of them.
    if v_failures > 0 then
        insert into hangfire.counter (key, value, expireat)
        values ('stats:failed_runs:' || to_char(harmony.now() at time zone 'UTC', 'YYYY-MM-DD'), v_failures, harmony.now() + interval '1 month');
    end if;

    with fresh as materialized (
        select
            n.id,
            n.jobid,
            n.name,
            n.reason,
            n.createdat,
            n.data,
            case when l.state_id = n.id then null else l.state end as old_state,
            lag(n.name) over job_rows as row_before,
            l.started_at,
            h.stateid = n.id as is_current,
            count(*) filter (where n.name = 'Failed' and n.data ->> 'ReasonCode' is distinct from 'crash_loop')
                over (partition by n.jobid) as failures
        from new_states n
        left join lateral (select l.state_id, l.state, l.started_at from harmony.job l where l.job_id = n.jobid limit 1) l on true
        left join lateral (select h.stateid from hangfire.job h where h.id = n.jobid limit 1) h on true
        window job_rows as (partition by n.jobid order by n.id)
    ),
    failure as (
        select distinct on (f.jobid)
            f.jobid,
            left(f.data ->> 'ExceptionMessage', 8000) as error
        from fresh f
        where f.name = 'Failed'
        order by f.jobid, f.id desc
    ),
    moved as (
        update harmony.job l
        set
            state = f.name,
            state_id = f.id,
            reason = left(f.reason, 2000),
            reason_code = case f.name
                when 'Failed' then coalesce(f.data ->> 'ReasonCode', 'failed')
                when 'Deleted' then coalesce(f.data ->> 'ReasonCode', 'cancelled')
            end,
            attempts = case
                when f.old_state in ('Succeeded', 'Failed', 'Deleted')
                    and f.name not in ('Succeeded', 'Failed', 'Deleted') then 0
                else l.attempts + f.failures
            end,
            starts_in_a_row = case
                when f.name <> 'Processing' then 0
                when f.old_state = 'Processing' then l.starts_in_a_row + 1
                else 1
            end,
            revived = case
                when f.name = 'Processing' then false
                when f.old_state in ('Succeeded', 'Failed', 'Deleted') then f.name not in ('Succeeded', 'Failed', 'Deleted')
                else l.revived
            end,
            claim = case
                when f.name in ('Succeeded', 'Failed', 'Deleted') then null
                when f.name = 'Processing' and l.claim is not null and exists (
                    select from harmony.kind k where k.kind = l.kind and k.unique_until = 'started') then null
                else l.claim
            end,
            wake_key = case when f.name = 'Scheduled' then l.wake_key end,
            due_at = case f.name
                when 'Scheduled' then coalesce(harmony.state_time(f.data ->> 'EnqueueAt'), f.createdat)
                when 'Enqueued' then f.createdat
                else l.due_at
            end,
            first_error = case
                when f.old_state in ('Succeeded', 'Failed', 'Deleted') then e.error
                else coalesce(l.first_error, e.error)
            end,
            last_error = coalesce(e.error, l.last_error),
            result = case when f.name = 'Succeeded' and f.data ? 'Result' then harmony.try_jsonb(f.data ->> 'Result') end,
            worker = case when f.name = 'Processing' then f.data ->> 'ServerId' else l.worker end,
            started_at = case when f.name = 'Processing' then f.createdat else l.started_at end,
            finished_at = case when f.name in ('Succeeded', 'Failed', 'Deleted') then f.createdat end,
            dead_lettered_at = case when f.name = 'Failed' then f.createdat end,
            duration_ms = case
                when f.name = 'Processing' then null
                when f.old_state = 'Processing' then floor(extract(epoch from f.createdat - l.started_at) * 1000)
                else l.duration_ms
            end
        from fresh f
        left join failure e on e.jobid = f.jobid
        where f.is_current
            and l.job_id = f.jobid
            and l.state_id is distinct from f.id
    ),
    -- Hangfire's own worker writes the failed row of a retry in a statement of its own, before the job's next state.
    counted as (
        update harmony.job l
        set
            attempts = l.attempts + past.failures,
            first_error = coalesce(l.first_error, e.error),
            last_error = coalesce(e.error, l.last_error)
        from (
            select
                f.jobid,
                max(f.failures) as failures
            from fresh f
            group by f.jobid
            having not coalesce(bool_or(f.is_current), false)
        ) past
        join failure e on e.jobid = past.jobid
        where l.job_id = past.jobid
    )
    insert into harmony.job_event (job_id, at, from_state, to_state, reason, actor, worker, duration_ms, error, state_id, data)
    select
        f.jobid,
        f.createdat,
        coalesce(f.row_before, f.old_state),
        f.name,
        left(f.reason, 2000),
        harmony.actor(),
        f.data ->> 'ServerId',
        case when coalesce(f.row_before, f.old_state) = 'Processing'
            then floor(extract(epoch from f.createdat - f.started_at) * 1000) end,
        left(f.data ->> 'ExceptionMessage', 8000),
        f.id,
        case when jsonb_typeof(f.data) = 'object' then f.data - 'ExceptionDetails' else f.data end
    from fresh f
    order by f.id;

    return null;
end$$;

-- A job that did not come through harmony.enqueue (a foreign client, a click) gets its ledger row on its first state.
create or replace function harmony.adopt(p_job_ids bigint[]) returns void
language sql
as $$
    insert into harmony.job (job_id, kind, lane, queue, args, priority, max_retries, requested_by, created_at, title)
    select
        h.id,
        coalesce(k.kind, named.kind, h.invocationdata ->> 'Method', 'foreign'),
        k.lane,
        case when k.lane is not null and coalesce(h.invocationdata ->> 'Queue', 'default') = 'default'
            then harmony.queue_of(k.lane, 0, 0)
            else h.invocationdata ->> 'Queue'
        end,
        case when jsonb_typeof(named.args) = 'object' then named.args else '{}' end,
        coalesce(k.default_priority, 50),
        coalesce(k.max_retries, 10),
        harmony.actor(),
        h.createdat,
        case when named.kind is null
            then left(substring(h.invocationdata ->> 'Type' from '([^.,]+)(?:,|$)') || '.' || (h.invocationdata ->> 'Method'), 200)
        end
    from hangfire.job h
    cross join lateral (
        select
            case when h.invocationdata ->> 'Type' like 'Harmony.Orchestrator.JobEntry,%'
                then harmony.try_jsonb(h.arguments ->> 0) #>> '{}' end as kind,
            case when h.invocationdata ->> 'Type' like 'Harmony.Orchestrator.JobEntry,%'
                then harmony.try_jsonb(harmony.try_jsonb(h.arguments ->> 1) #>> '{}') end as args
    ) named
    left join harmony.kind k on k.kind = named.kind
    where h.id = any (p_job_ids)
    on conflict (job_id) do nothing
$$;

-- Null for a text that is no JSON.
create or replace function harmony.try_jsonb(p_text text) returns jsonb
language plpgsql immutable
as $$
begin
    return p_text::jsonb;
exception when others then
    return null;
end
$$;
