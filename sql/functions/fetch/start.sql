-- Each ticket's job is Processing afterwards, and the ticket leased: fetchedat is the time of the start. The id of the new state row is the
-- fence. A job whose lock row another transaction holds, or that has ended meanwhile, is left out. A start in a lane with a rate window is noted in
-- harmony.rate_use. Runs with the planner settings of harmony.fetch.
-- Locks, in this order: lock rows by job id (core/job_locks.sql); other tickets of the same jobs, by skip locked; rows of hangfire.job; the
-- tickets; rows of harmony.job, by the trigger in ledger/follow_state.sql.

create or replace function harmony.start(p_server text, p_tickets harmony.ticket[]) returns table (
    ticket_id bigint,
    job_id bigint,
    fence bigint,
    kind text,
    lane text,
    args_json text,
    attempts integer,
    forced boolean,
    requested_by text,
    trace_id text,
    waited_s double precision,
    title text
)
language plpgsql
as $$
#variable_conflict use_column
declare
    v_now timestamptz := harmony.now();
    v_locked bigint[] := harmony.lock_jobs((select array_agg(t.job_id) from unnest(p_tickets) t));
    v_go harmony.ticket[];
begin
    -- Two tickets of one job in one fetch are one run.
    select array_agg(one.t) into v_go
    from (
        select distinct on (t.job_id) t
        from unnest(p_tickets) t
        cross join lateral (select h.statename from hangfire.job h where h.id = t.job_id limit 1) h
        cross join lateral (select l.revived, l.unique_key from harmony.job l where l.job_id = t.job_id limit 1) l
        where t.job_id = any (v_locked)
            and h.statename in ('Enqueued', 'Scheduled', 'Processing')
            -- Revived while this fetch waited for its lock: the next fetch decides whether it may start.
            and (t.superseded or not l.revived or l.unique_key is null)
        order by t.job_id, t.ticket_id
    ) one;
    -- Other tickets of these jobs, of this fetch or of runs that are over, are no longer needed.
    delete from hangfire.jobqueue q
    where q.id = any (array(
        select other.id
        from unnest(v_go) g
        cross join lateral (
            select o.id
            from hangfire.jobqueue o
            where o.jobid = g.job_id
                and o.id <> g.ticket_id
            for update skip locked
        ) other));
    if exists (select from unnest(v_go) g where g.state = 'Scheduled') then
        delete from hangfire.set s
        where s.key = 'retries'
            and s.value = any (array(select g.job_id::text from unnest(v_go) g where g.state = 'Scheduled'));
    end if;
    insert into harmony.rate_use (lane, used_at, job_id, band)
    select g.lane, v_now, g.job_id, right(g.queue, 1)
    from unnest(v_go) g
    where exists (select from harmony.rate_window w where w.lane = g.lane);

    return query
    with go as materialized (
        select g.ticket_id, g.job_id, g.lane, nextval('hangfire.state_id_seq') as fence
        from unnest(v_go) g
    ),
    states as (
        insert into hangfire.state (id, jobid, name, reason, createdat, data)
        select
            g.fence,
            g.job_id,
            'Processing',
            null,
            v_now,
            jsonb_build_object(
                'StartedAt', harmony.millis(v_now), 'ServerId', p_server, 'WorkerId', gen_random_uuid()::text)
        from go g
    ),
    jobs as (
        update hangfire.job h
        set
            stateid = g.fence,
            statename = 'Processing',
            expireat = null
        from go g
        where h.id = g.job_id
    ),
    tickets as (
        update hangfire.jobqueue q
        set fetchedat = v_now
        from go g
        where q.id = g.ticket_id
    )
    select
        g.ticket_id,
        g.job_id,
        g.fence,
        l.kind,
        g.lane,
        l.args::text,
        l.attempts,
        l.forced,
        l.requested_by,
        l.trace_id,
        extract(epoch from v_now - l.due_at)::double precision,
        l.title
    from go g
    cross join lateral (select l.* from harmony.job l where l.job_id = g.job_id limit 1) l;

    perform harmony.unlock_jobs(v_locked);
end
$$;
