-- harmony.enqueue makes one job in the transaction of the caller, harmony.enqueue_many any number of one kind: a ledger row, Hangfire's job
-- and state, and a ticket, or a timer when run_at is ahead. Where the kind has a key and a live job holds it, that job is returned with
-- already_enqueued = true, and marked as forced when the args say so.
-- The partial unique index harmony.job (kind, claim) decides between racing callers: the insert waits until the other transaction has ended.
-- Other locks: the ledger row of a twin that is marked as forced. Where the lane was idle a NOTIFY is sent, which takes a lock of the whole
-- database at commit.
-- No planner settings: a bulk enqueue handles thousands of rows, for which hash joins are right.

create or replace function harmony.enqueue(
    kind text,
    args jsonb default '{}',
    priority integer default null,
    run_at timestamptz default null,
    requested_by text default null,
    parent_job_id bigint default null
) returns table (job_id bigint, already_enqueued boolean)
language sql
as $$
    select e.job_id, e.already_enqueued
    from harmony.enqueue_many(
        enqueue.kind, array[enqueue.args], enqueue.priority, enqueue.run_at, enqueue.requested_by, enqueue.parent_job_id) e
$$;

-- Any number of jobs of one kind; ord is the place in args, from 1.
create or replace function harmony.enqueue_many(
    kind text,
    args jsonb[],
    priority integer default null,
    run_at timestamptz default null,
    requested_by text default null,
    parent_job_id bigint default null
) returns table (ord integer, job_id bigint, already_enqueued boolean)
language plpgsql
as $$
#variable_conflict use_column
declare
    v_kind harmony.kind;
    v_now timestamptz := harmony.now();
    v_priority integer;
    v_queue text;
    v_delayed boolean;
    v_by text;
    v_open bigint[];
    v_all boolean := true;
    v_won integer[];
    v_won_jobs bigint[];
    v_twins integer[];
    v_twin_jobs bigint[];
    v_ords integer[] := '{}';
    v_jobs bigint[] := '{}';
    v_dups boolean[] := '{}';
    v_bad integer;
begin
    select k.* into v_kind from harmony.kind k where k.kind = enqueue_many.kind;
    if not found then
        raise exception 'unknown job kind %', quote_nullable(enqueue_many.kind)
            using errcode = '22023', hint = 'select kind from harmony.kind lists the kinds of this fleet';
    end if;

    select a.ord into v_bad
    from unnest(enqueue_many.args) with ordinality as a (value, ord)
    where a.value is not null and jsonb_typeof(a.value) <> 'object'
    limit 1;
    if v_bad is not null then
        raise exception 'args of % must be a JSON object', v_kind.kind
            using errcode = '22023', detail = format('entry %s is not an object', v_bad);
    end if;

    v_priority := coalesce(enqueue_many.priority, v_kind.default_priority);
    v_queue := harmony.queue_of(v_kind.lane, v_priority, v_kind.default_priority);
    v_delayed := coalesce(enqueue_many.run_at > v_now, false);
    v_by := coalesce(enqueue_many.requested_by, harmony.actor());
    if not v_delayed then
        perform harmony.notify_if_idle(v_queue);
    end if;

    select array_agg(i) into v_open from generate_series(1, coalesce(cardinality(enqueue_many.args), 0)) i;

    -- A conflict is resolved in a loop: the statement that lost cannot see the row that won, the next one can.
    for v_try in 1 .. 100 loop
        exit when v_open is null;

        with wanted as materialized (
            select
                a.ord::integer as ord,
                coalesce(a.value, '{}') as args,
                case when v_kind.key_template is not null
                    then harmony.key_of(v_kind.key_template, coalesce(a.value, '{}')) end as unique_key,
                nextval('hangfire.job_id_seq') as job_id,
                nextval('hangfire.state_id_seq') as state_id
            from unnest(enqueue_many.args) with ordinality as a (value, ord)
            where v_all or a.ord = any (v_open)
        ),
        won as (
            insert into harmony.job (
                job_id, kind, lane, queue, args, unique_key, claim, priority, state, state_id, max_retries, forced,
                due_at, requested_by, parent_job_id, trace_id, created_at)
            select
                w.job_id,
                v_kind.kind,
                v_kind.lane,
                v_queue,
                w.args,
                w.unique_key,
                w.unique_key,
                v_priority,
                case when v_delayed then 'Scheduled' else 'Enqueued' end,
                w.state_id,
                v_kind.max_retries,
                coalesce(w.args ->> 'force' = 'true', false),
                case when v_delayed then enqueue_many.run_at else v_now end,
                v_by,
                enqueue_many.parent_job_id,
                nullif(current_setting('harmony.trace', true), ''),
                v_now
            from wanted w
            order by w.ord
            on conflict (kind, claim) where claim is not null do nothing
            returning job_id
        ),
        mine as materialized (
            select w.* from wanted w join won on won.job_id = w.job_id
        ),
        jobs as (
            insert into hangfire.job (id, stateid, statename, invocationdata, arguments, createdat)
            select
                m.job_id,
                m.state_id,
                case when v_delayed then 'Scheduled' else 'Enqueued' end,
                jsonb_build_object(
                    'Type', 'Harmony.Orchestrator.JobEntry, Harmony.Orchestrator',
                    'Method', 'Run',
                    'ParameterTypes', '["System.String","System.String","System.Threading.CancellationToken, mscorlib"]',
                    'Queue', v_queue),
                jsonb_build_array(to_json(v_kind.kind)::text, to_json(m.args::text)::text, null),
                v_now
            from mine m
            order by m.ord
        ),
        states as (
            insert into hangfire.state (id, jobid, name, reason, createdat, data)
            select
                m.state_id,
                m.job_id,
                case when v_delayed then 'Scheduled' else 'Enqueued' end,
                null,
                v_now,
                case
                    when v_delayed then jsonb_build_object(
                        'EnqueueAt', harmony.millis(enqueue_many.run_at), 'ScheduledAt', harmony.millis(v_now))
                    else jsonb_build_object('EnqueuedAt', harmony.millis(v_now), 'Queue', v_queue)
                end
            from mine m
            order by m.ord
        ),
        tickets as (
            insert into hangfire.jobqueue (jobid, queue)
            select m.job_id, v_queue
            from mine m
            where not v_delayed
            order by m.ord
        ),
        timers as (
            insert into hangfire.set (key, score, value)
            select 'schedule', ceil(extract(epoch from enqueue_many.run_at)), v_queue || ':' || m.job_id
            from mine m
            where v_delayed
            order by m.ord
        )
        select array_agg(m.ord), array_agg(m.job_id)
        into v_won, v_won_jobs
        from mine m;

        v_all := false;
        v_ords := v_ords || v_won;
        v_jobs := v_jobs || v_won_jobs;
        v_dups := v_dups || array_fill(false, array[coalesce(cardinality(v_won), 0)]);
        select array_agg(o) into v_open
        from (select unnest(v_open) except select unnest(v_won)) rest (o);
        exit when v_open is null;

        -- What is still open has a live twin, or had one until a moment ago: then the loop tries again.
        with twins as (
            select
                a.ord::integer as ord,
                l.job_id,
                a.value ->> 'force' = 'true' as force
            from unnest(enqueue_many.args) with ordinality as a (value, ord)
            join harmony.job l
                on l.kind = v_kind.kind
                and l.claim = harmony.key_of(v_kind.key_template, coalesce(a.value, '{}'))
            where a.ord = any (v_open)
        ),
        forced as (
            update harmony.job l
            set forced = true
            from twins t
            where t.force
                and l.job_id = t.job_id
                and l.state <> 'Processing'
                and not l.forced
        )
        select array_agg(t.ord), array_agg(t.job_id)
        into v_twins, v_twin_jobs
        from twins t;

        v_ords := v_ords || v_twins;
        v_jobs := v_jobs || v_twin_jobs;
        v_dups := v_dups || array_fill(true, array[coalesce(cardinality(v_twins), 0)]);
        select array_agg(o) into v_open
        from (select unnest(v_open) except select unnest(v_twins)) rest (o);
    end loop;

    if v_open is not null then
        raise exception 'could not settle who holds the unique key of % after 100 tries', v_kind.kind
            using errcode = '40001';
    end if;

    return query
    select r.ord, r.job_id, r.dup
    from unnest(v_ords, v_jobs, v_dups) as r (ord, job_id, dup)
    order by r.ord;
end
$$;

-- Fills a key template from the args: 'file:{id}' with {"id": "7"} is 'file:7'.
create or replace function harmony.key_of(p_template text, p_args jsonb) returns text
language sql immutable
as $$
    select string_agg(
        case when part[1] like '{%}' then coalesce(p_args ->> trim(part[1], '{}'), '') else part[1] end, '' order by ord)
    from regexp_matches(p_template, '\{[^}]*\}|[^{]+', 'g') with ordinality as parts (part, ord)
$$;

-- NOTIFY takes a database-wide lock at commit, so it is sent only where a lane was idle.
create or replace function harmony.notify_if_idle(p_queue text) returns void
language plpgsql
set enable_seqscan = off set enable_sort = off set enable_incremental_sort = off set plan_cache_mode = force_generic_plan
as $$
begin
    perform
    from hangfire.jobqueue q
    where q.fetchedat is null
        and (q.queue, q.id) >= (p_queue, 0)
        and q.queue <= p_queue
    order by q.queue, q.id
    limit 1;
    if not found then
        perform pg_notify('new_job', '');
    end if;
end
$$;
