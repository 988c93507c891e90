-- Carrying jobs: fetch and start, lease, finish. A server only calls these; every rule is here.

create type harmony.ticket as (
    ticket_id bigint,
    job_id bigint,
    queue text,
    kind text,
    lane text,
    state text,
    starts_in_a_row integer,
    superseded boolean
);

-- Kinds that may not start now: paused themselves, through a provider, or behind a provider's closed gate.
create function harmony.blocked_kinds() returns text[]
language sql stable
as $$
    select coalesce(array_agg(k.kind), '{}')
    from harmony.kind k
    where exists (
        select from harmony.pause p
        where (p.until is null or p.until > harmony.now())
            and ((p.scope = 'kind' and p.name = k.kind) or (p.scope = 'provider' and p.name = any (k.providers)))
    )
    or exists (
        select from harmony.provider_gate g
        where g.provider = any (k.providers)
            and g.state = 'open'
            and g.blocked_until > harmony.now()
    )
$$;

-- How many of a lane may start now, seen over all processes; the row lock makes the answer exact.
create function harmony.rate_left(p_lane text, p_wanted integer) returns integer
language plpgsql
as $$
declare
    v_window harmony.rate_window;
    v_used integer;
begin
    select w.* into v_window from harmony.rate_window w where w.lane = p_lane for update;
    if not found then
        return p_wanted;
    end if;

    delete from harmony.rate_use u where u.lane = p_lane and u.used_at <= harmony.now() - v_window.window_length;
    select count(*) into v_used from harmony.rate_use u where u.lane = p_lane;
    return greatest(0, least(p_wanted, v_window.permits - v_used));
end
$$;

-- The same lock rows that Hangfire's own members take around a state change, so that a click and a worker exclude
-- each other; ours live and die inside one transaction.
create function harmony.lock_jobs(p_job_ids bigint[]) returns bigint[]
language sql
as $$
    -- A member that died with its lock row committed: Hangfire gives such a row up after ten minutes, and so do we.
    delete from hangfire.lock l
    using unnest(p_job_ids) as j
    where l.resource = 'hangfire:job:' || j || ':state-lock'
        and l.acquired < clock_timestamp() - interval '10 minutes';

    with taken as (
        insert into hangfire.lock (resource, acquired)
        select 'hangfire:job:' || j || ':state-lock', clock_timestamp()
        from (select distinct unnest(p_job_ids) as j order by 1) jobs
        on conflict (resource) do nothing
        returning resource
    )
    select coalesce(array_agg(split_part(t.resource, ':', 3)::bigint), '{}')
    from taken t
$$;

create function harmony.unlock_jobs(p_job_ids bigint[]) returns void
language sql
as $$
    delete from hangfire.lock l
    using unnest(p_job_ids) as j
    where l.resource = 'hangfire:job:' || j || ':state-lock'
$$;

-- Writes one state row per job and makes it the current one. The caller holds the locks.
create function harmony.write_states(
    p_job_ids bigint[], p_name text, p_reasons text[], p_data jsonb[], p_expire_in interval
) returns void
language sql
as $$
    with rows as materialized (
        select
            r.job_id,
            r.reason,
            r.data,
            nextval('hangfire.state_id_seq') as state_id
        from unnest(p_job_ids, p_reasons, p_data) as r (job_id, reason, data)
    ),
    states as (
        insert into hangfire.state (id, jobid, name, reason, createdat, data)
        select r.state_id, r.job_id, p_name, r.reason, harmony.now(), r.data
        from rows r
    )
    update hangfire.job h
    set
        stateid = r.state_id,
        statename = p_name,
        expireat = harmony.now() + p_expire_in
    from rows r
    where h.id = r.job_id
$$;

-- Statistics rows as Hangfire's dashboard sums them; one row with value n is as good as n rows.
create function harmony.count_stats(p_what text, p_count bigint, p_total boolean) returns void
language sql
as $$
    insert into hangfire.counter (key, value, expireat)
    select s.key, p_count, s.expireat
    from (
        values
            ('stats:' || p_what, null::timestamptz, p_total),
            ('stats:' || p_what || ':' || to_char(harmony.now() at time zone 'UTC', 'YYYY-MM-DD'),
                harmony.now() + interval '1 month', true),
            ('stats:' || p_what || ':' || to_char(harmony.now() at time zone 'UTC', 'YYYY-MM-DD-HH24'),
                harmony.now() + interval '1 day', true)
    ) s (key, expireat, wanted)
    where s.wanted
        and p_count > 0
$$;

-- Takes up to p_room waiting tickets of a lane, high band before low, oldest first; every tenth turn oldest of any band.
create function harmony.pick(p_lane text, p_room integer, p_turn bigint, p_skip bigint[]) returns setof hangfire.jobqueue
language plpgsql
as $$
declare
    v_left integer := p_room;
    v_got integer;
    v_queue text;
    v_first bigint := -1;
begin
    -- Rows locked by ourselves are not skipped by "skip locked": what we already hold is left out by id.
    if p_turn % 10 = 0 and p_skip = '{}' then
        select o.id into v_first
        from unnest(array[p_lane || '_a', p_lane || '_b', p_lane || '_c']) lanes (queue)
        cross join lateral (
            select q.id
            from hangfire.jobqueue q
            where q.queue = lanes.queue
                and q.fetchedat is null
            order by q.id
            limit 1
        ) o
        order by o.id
        limit 1;
        return query
        select q.*
        from hangfire.jobqueue q
        where q.id = v_first
            and q.fetchedat is null
        for update skip locked;
        get diagnostics v_got = row_count;
        v_left := v_left - v_got;
        v_first := coalesce(v_first, -1);
    end if;

    foreach v_queue in array array[p_lane || '_a', p_lane || '_b', p_lane || '_c'] loop
        exit when v_left <= 0;
        return query
        with head as materialized (
            select q.id
            from hangfire.jobqueue q
            where q.queue = v_queue
                and q.fetchedat is null
                and q.id <> v_first
                and q.id <> all (p_skip)
            order by q.id
            limit v_left
            for update skip locked
        )
        select q.* from hangfire.jobqueue q join head h on h.id = q.id order by q.id;
        get diagnostics v_got = row_count;
        v_left := v_left - v_got;
    end loop;
end
$$;

-- Lanes that have anything waiting: a walk over the index from queue to queue, never over the tickets.
create function harmony.busy_lanes() returns text[]
language sql stable
as $$
    with recursive step (queue) as (
        (select q.queue from hangfire.jobqueue q where q.fetchedat is null order by q.queue limit 1)
        union all
        select (
            select q.queue
            from hangfire.jobqueue q
            where q.fetchedat is null and q.queue > s.queue
            order by q.queue
            limit 1)
        from step s
        where s.queue is not null
    )
    select coalesce(array_agg(distinct regexp_replace(s.queue, '_[abc]$', '')), '{}')
    from step s
    where s.queue is not null
$$;

-- Fetches tickets for one process and starts their jobs, in one transaction: after it a Processing row names the run,
-- and its id is the fence of everything the run writes.
create function harmony.fetch(
    p_server text, p_kinds text[], p_lanes text[], p_rooms integer[], p_total integer, p_turn bigint
) returns table (
    ticket_id bigint, job_id bigint, fence bigint, kind text, lane text, args_json text,
    attempts integer, forced boolean, requested_by text, trace_id text)
language plpgsql
as $$
#variable_conflict use_column
declare
    v_busy text[] := harmony.busy_lanes();
    v_blocked text[];
    v_lane text;
    v_room integer;
    v_total integer := p_total;
    v_round harmony.ticket[];
    v_go harmony.ticket[] := '{}';
    v_seen bigint[];
begin
    if cardinality(v_busy) = 0 then
        return;
    end if;
    v_blocked := harmony.blocked_kinds();

    for v_lane, v_room in
        select l.lane, l.room
        from unnest(p_lanes, p_rooms) with ordinality as l (lane, room, ord)
        where l.lane = any (v_busy)
            and not exists (
                select from harmony.pause p
                where p.scope = 'lane' and p.name = l.lane and (p.until is null or p.until > harmony.now()))
        order by l.ord
    loop
        exit when v_total <= 0;
        v_room := harmony.rate_left(v_lane, least(v_room, v_total));

        -- Tickets that may not run are moved or dropped, and we look again, so that they never hide the rest.
        for v_try in 1 .. 20 loop
            exit when v_room <= 0;
            v_round := harmony.take(
                v_lane,
                case when cardinality(v_blocked) > 0 then greatest(v_room, 200) else v_room end,
                p_turn,
                coalesce((select array_agg(t.ticket_id) from unnest(v_go) t), '{}'));
            exit when v_round is null;
            v_seen := harmony.turn_away(v_round, v_blocked, p_kinds);

            select v_go || coalesce(array_agg(kept.one), '{}'), v_room - count(*)::integer, v_total - count(*)::integer
            into v_go, v_room, v_total
            from (
                select r as one
                from unnest(v_round) r
                where r.ticket_id <> all (v_seen)
                limit v_room
            ) kept;
            exit when cardinality(v_seen) = 0;
        end loop;
    end loop;

    if cardinality(v_go) > 0 then
        return query select s.* from harmony.start(p_server, v_go) s;
    end if;
end
$$;

-- The picked tickets with what decides about them.
create function harmony.take(p_lane text, p_room integer, p_turn bigint, p_skip bigint[]) returns harmony.ticket[]
language sql
as $$
    select array_agg((
        q.id, q.jobid, q.queue, coalesce(l.kind, ''), p_lane, h.statename, coalesce(l.starts_in_a_row, 0),
        coalesce(l.revived, false) and l.unique_key is not null)::harmony.ticket)
    from harmony.pick(p_lane, p_room, p_turn, p_skip) q
    left join hangfire.job h on h.id = q.jobid
    left join harmony.job l on l.job_id = q.jobid
$$;

-- Deals with tickets that must not start and names them: stale ones are dropped, blocked ones parked, kinds of another
-- version snoozed, crash loops dead-lettered, revived jobs whose key a twin holds discarded.
create function harmony.turn_away(p_round harmony.ticket[], p_blocked text[], p_kinds text[]) returns bigint[]
language plpgsql
as $$
declare
    v_stale bigint[];
    v_parked bigint[];
    v_locked bigint[];
    v_away bigint[];
    v_one harmony.ticket;
begin
    select array_agg(t.ticket_id) into v_stale
    from unnest(p_round) t
    where t.state is null
        or t.state not in ('Enqueued', 'Scheduled', 'Processing')
        or exists (
            select from hangfire.jobqueue q
            where q.jobid = t.job_id
                and q.id <> t.ticket_id
                and (q.id < t.ticket_id and q.fetchedat is null or t.state = 'Processing' and q.fetchedat is not null));
    delete from hangfire.jobqueue q where q.id = any (v_stale);

    select array_agg(t.ticket_id) into v_parked
    from unnest(p_round) t
    where t.kind = any (p_blocked)
        and (v_stale is null or t.ticket_id <> all (v_stale));
    update hangfire.jobqueue q set queue = 'parked' where q.id = any (v_parked);
    v_away := coalesce(v_stale, '{}') || coalesce(v_parked, '{}');

    for v_one in
        select r.*
        from unnest(p_round) r
        where r.ticket_id <> all (v_away)
            and (r.kind <> all (p_kinds) or (r.state = 'Processing' and r.starts_in_a_row >= 3) or r.superseded)
        order by r.job_id
    loop
        if v_one.superseded and not (v_one.state = 'Processing' and v_one.starts_in_a_row >= 3) and v_one.kind = any (p_kinds) then
            continue when harmony.retake_claim(v_one.job_id);
        end if;

        v_locked := harmony.lock_jobs(array[v_one.job_id]);
        if cardinality(v_locked) = 1 then
            perform harmony.end_unstarted(v_one, p_kinds);
            perform harmony.unlock_jobs(v_locked);
        end if;
        v_away := v_away || v_one.ticket_id;
    end loop;
    return v_away;
end
$$;

-- A revived job takes its key again unless a live twin holds it. True: it may run.
create function harmony.retake_claim(p_job_id bigint) returns boolean
language plpgsql
as $$
begin
    update harmony.job l
    set claim = l.unique_key
    where l.job_id = p_job_id
        and l.claim is null
        and not exists (
            select from harmony.kind k where k.kind = l.kind and k.unique_until = 'started');
    return not exists (
        select
        from harmony.job l
        join harmony.job twin on twin.kind = l.kind and twin.claim = l.unique_key and twin.job_id <> l.job_id
        where l.job_id = p_job_id);
exception when unique_violation then
    return false;
end
$$;

create function harmony.end_unstarted(t harmony.ticket, p_kinds text[]) returns void
language plpgsql
as $$
declare
    v_now timestamptz := harmony.now();
    v_due timestamptz := harmony.now() + interval '60 seconds';
begin
    delete from hangfire.jobqueue q where q.id = t.ticket_id;
    if t.state = 'Processing' and t.starts_in_a_row >= 3 then
        perform harmony.write_states(
            array[t.job_id], 'Failed', array['Crash loop: started three times without an outcome'],
            array[jsonb_build_object(
                'FailedAt', harmony.millis(v_now), 'ExceptionType', 'Harmony.Orchestrator.CrashLoop',
                'ExceptionMessage', 'The process died three times while it ran this job.',
                'ExceptionDetails', 'The process died three times while it ran this job.', 'ReasonCode', 'crash_loop')],
            null);
        perform harmony.count_stats('failed', 1, false);
    elsif t.kind <> all (p_kinds) then
        perform harmony.write_states(
            array[t.job_id], 'Scheduled', array[format('Snoozed: this version does not know the kind %s', t.kind)],
            array[jsonb_build_object('EnqueueAt', harmony.millis(v_due), 'ScheduledAt', harmony.millis(v_now))],
            null);
        insert into hangfire.set (key, score, value)
        values ('schedule', ceil(extract(epoch from v_due)), t.queue || ':' || t.job_id)
        on conflict (key, value) do update set score = excluded.score;
    else
        perform harmony.write_states(
            array[t.job_id], 'Deleted', array['Superseded: a live job holds the same key'],
            array[jsonb_build_object('DeletedAt', harmony.millis(v_now), 'ReasonCode', 'superseded')],
            interval '24 hours');
        perform harmony.count_stats('deleted', 1, true);
    end if;
end
$$;

create function harmony.start(p_server text, p_tickets harmony.ticket[])
returns table (
    ticket_id bigint, job_id bigint, fence bigint, kind text, lane text, args_json text,
    attempts integer, forced boolean, requested_by text, trace_id text)
language plpgsql
as $$
#variable_conflict use_column
declare
    v_now timestamptz := harmony.now();
    v_locked bigint[];
begin
    v_locked := harmony.lock_jobs((select array_agg(t.job_id) from unnest(p_tickets) t));

    return query
    with go as materialized (
        select
            t.ticket_id,
            t.job_id,
            t.lane,
            t.state,
            nextval('hangfire.state_id_seq') as fence
        from unnest(p_tickets) t
        join hangfire.job h on h.id = t.job_id
        where t.job_id = any (v_locked)
            and h.statename in ('Enqueued', 'Scheduled', 'Processing')
        order by t.job_id
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
    ),
    retries as (
        delete from hangfire.set s
        using go g
        where g.state = 'Scheduled'
            and s.key = 'retries'
            and s.value = g.job_id::text
    ),
    uses as (
        insert into harmony.rate_use (lane, used_at, job_id)
        select g.lane, v_now, g.job_id
        from go g
        join harmony.rate_window w on w.lane = g.lane
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
        l.trace_id
    from go g
    join harmony.job l on l.job_id = g.job_id;

    perform harmony.unlock_jobs(v_locked);
end
$$;

-- Renews the leases of runs that still hold their job; what does not come back is lost and must stop.
create function harmony.renew(p_ticket_ids bigint[], p_fences bigint[]) returns setof bigint
language sql
as $$
    update hangfire.jobqueue q
    set fetchedat = harmony.now()
    from unnest(p_ticket_ids, p_fences) as held (ticket_id, fence)
    join hangfire.job h on h.stateid = held.fence and h.statename = 'Processing'
    where q.id = held.ticket_id
        and q.jobid = h.id
    returning q.jobid
$$;

-- Locks the job for an effect of this run; false once the run lost it. Called first in every effect's transaction.
create function harmony.hold(p_job_id bigint, p_fence bigint) returns boolean
language plpgsql
as $$
begin
    perform
    from hangfire.job h
    where h.id = p_job_id
        and h.stateid = p_fence
        and h.statename = 'Processing'
    for share;
    if not found then
        return false;
    end if;

    -- A run that is about to write something durable is getting somewhere: what it was rescued from was no poison of its own.
    update harmony.job l
    set starts_in_a_row = 1
    where l.job_id = p_job_id
        and l.starts_in_a_row > 1;
    return true;
end
$$;

-- True the first time a job reaches the step, over all its runs.
create function harmony.once(p_job_id bigint, p_step text) returns boolean
language plpgsql
as $$
begin
    update harmony.job l
    set steps = l.steps || p_step
    where l.job_id = p_job_id
        and p_step <> all (l.steps);
    return found;
end
$$;

create function harmony.progress(p_job_id bigint, p_fence bigint, p_done bigint, p_total bigint, p_line text) returns void
language sql
as $$
    update harmony.job l
    set
        progress_done = p_done,
        progress_total = p_total,
        progress_line = left(p_line, 500),
        progress_at = harmony.now()
    where l.job_id = p_job_id
        and l.state_id = p_fence
$$;
