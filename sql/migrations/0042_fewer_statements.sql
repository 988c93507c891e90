-- A round trip of a server in as few statements as it takes, with two rules. Rows are found by the index of their key, one by
-- one, whatever the planner thinks of a table's size; what runs inside harmony.fetch and harmony.finish_many inherits that.
-- And what is true of nearly every round is settled by one look, so that the rare cases cost nothing while they are absent.

-- Stable, as what it calls is: only so can the planner put it in line.
create or replace function harmony.millis(p_at timestamptz) returns text
language sql stable
as $$
    select floor(extract(epoch from p_at) * 1000)::bigint::text
$$;

create or replace function harmony.blocked_kinds() returns text[]
language plpgsql stable
as $$
declare
    v_now timestamptz;
begin
    if not exists (select from harmony.pause)
        and not exists (select from harmony.provider_gate g where g.state = 'open')
    then
        return '{}';
    end if;

    v_now := harmony.now();
    return (
        select coalesce(array_agg(k.kind), '{}')
        from harmony.kind k
        where exists (
            select from harmony.pause p
            where (p.until is null or p.until > v_now)
                and ((p.scope = 'kind' and p.name = k.kind) or (p.scope = 'provider' and p.name = any (k.providers)))
        )
        or exists (
            select from harmony.provider_gate g
            where g.provider = any (k.providers)
                and g.state = 'open'
                and g.blocked_until > v_now
        )
    );
end
$$;

create or replace function harmony.half_open_kinds() returns text[]
language plpgsql stable
as $$
begin
    if not exists (select from harmony.provider_gate g where g.state <> 'closed') then
        return '{}';
    end if;

    return (
        select coalesce(array_agg(k.kind), '{}')
        from harmony.kind k
        where exists (
            select
            from harmony.provider_gate g
            where g.provider = any (k.providers)
                and (g.state = 'half_open' or (g.state = 'open' and g.blocked_until <= harmony.now())))
    );
end
$$;

create or replace function harmony.lock_jobs(p_job_ids bigint[]) returns bigint[]
language plpgsql
set enable_seqscan = off set plan_cache_mode = force_generic_plan
as $$
declare
    v_wanted bigint[] := p_job_ids;
    v_some bigint[];
    v_taken bigint[] := '{}';
begin
    for v_try in 1 .. 2 loop
        with taken as (
            insert into hangfire.lock (resource, acquired)
            select 'hangfire:job:' || jobs.j || ':state-lock', clock_timestamp()
            from (select distinct w as j from unnest(v_wanted) w order by 1) jobs
            on conflict (resource) do nothing
            returning resource
        )
        select array_agg(split_part(t.resource, ':', 3)::bigint) into v_some from taken t;
        v_taken := v_taken || v_some;
        v_wanted := array(select w from unnest(v_wanted) w where w <> all (v_taken));
        exit when cardinality(v_wanted) = 0;

        -- A member that died with its lock row committed: Hangfire gives such a row up after ten minutes, and so do we.
        with given_up as (
            delete from hangfire.lock l
            where l.resource = any (array(select 'hangfire:job:' || w || ':state-lock' from unnest(v_wanted) w))
                and l.acquired < clock_timestamp() - interval '10 minutes'
            returning l.resource
        )
        select array_agg(split_part(g.resource, ':', 3)::bigint) into v_wanted from given_up g;
        exit when v_wanted is null;
    end loop;
    return v_taken;
end
$$;

create or replace function harmony.unlock_jobs(p_job_ids bigint[]) returns void
language plpgsql
set enable_seqscan = off set plan_cache_mode = force_generic_plan
as $$
begin
    delete from hangfire.lock l
    where l.resource = any (array(select 'hangfire:job:' || j || ':state-lock' from unnest(p_job_ids) j));
end
$$;

create or replace function harmony.count_stats(p_what text, p_count bigint, p_total boolean) returns void
language plpgsql
as $$
declare
    v_now timestamptz;
begin
    if p_count = 0 then
        return;
    end if;

    v_now := harmony.now();
    insert into hangfire.counter (key, value, expireat)
    select s.key, p_count, s.expireat
    from (
        values
            ('stats:' || p_what, null::timestamptz, p_total),
            ('stats:' || p_what || ':' || to_char(v_now at time zone 'UTC', 'YYYY-MM-DD'), v_now + interval '1 month', true),
            ('stats:' || p_what || ':' || to_char(v_now at time zone 'UTC', 'YYYY-MM-DD-HH24'), v_now + interval '1 day', true)
    ) s (key, expireat, wanted)
    where s.wanted;
end
$$;

drop function harmony.write_states_counted(bigint[], text, text[], jsonb[], interval);
drop function harmony.write_states(bigint[], text, text[], jsonb[], interval);

-- A new state for each job; says how many there were.
create function harmony.write_states(
    p_job_ids bigint[], p_name text, p_reasons text[], p_data jsonb[], p_expire_in interval) returns bigint
language plpgsql
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set plan_cache_mode = force_generic_plan
as $$
declare
    v_now timestamptz := harmony.now();
begin
    if p_job_ids is null then
        return 0;
    end if;

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
        select r.state_id, r.job_id, p_name, r.reason, v_now, r.data
        from rows r
    )
    update hangfire.job h
    set
        stateid = r.state_id,
        statename = p_name,
        expireat = v_now + p_expire_in
    from rows r
    where h.id = r.job_id;
    return cardinality(p_job_ids);
end
$$;

create or replace function harmony.renew(p_ticket_ids bigint[], p_fences bigint[]) returns setof bigint
language plpgsql
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set plan_cache_mode = force_generic_plan
as $$
declare
    v_now timestamptz := harmony.now();
begin
    return query
    update hangfire.jobqueue q
    set fetchedat = v_now
    from (
        select held.ticket_id
        from unnest(p_ticket_ids, p_fences) as held (ticket_id, fence)
        cross join lateral (
            select
            from hangfire.jobqueue t
            cross join lateral (
                select h.stateid, h.statename
                from hangfire.job h
                where h.id = t.jobid
                limit 1
            ) h
            where t.id = held.ticket_id
                and h.stateid = held.fence
                and h.statename = 'Processing'
            limit 1
        ) good
    ) held
    where q.id = held.ticket_id
    returning q.jobid;
end
$$;

create or replace function harmony.take(p_lane text, p_room integer, p_turn bigint, p_skip bigint[]) returns harmony.ticket[]
language plpgsql
as $$
declare
    v_picked hangfire.jobqueue[] := harmony.pick(p_lane, p_room, p_turn, p_skip);
begin
    if v_picked is null then
        return null;
    end if;
    return (
        select array_agg((
            q.id, q.jobid, q.queue, coalesce(l.kind, ''), p_lane, h.statename,
            case when h.statename = 'Processing' and harmony.starts_without_outcome(q.jobid) >= 10 then 10 else coalesce(l.starts_in_a_row, 0) end,
            coalesce(l.revived, false) and l.unique_key is not null)::harmony.ticket order by q.ord)
        from unnest(v_picked) with ordinality as q (id, jobid, queue, fetchedat, updatecount, ord)
        left join lateral (select h.statename from hangfire.job h where h.id = q.jobid limit 1) h on true
        left join lateral (
            select l.kind, l.starts_in_a_row, l.revived, l.unique_key from harmony.job l where l.job_id = q.jobid limit 1) l on true
    );
end
$$;

-- What a fetch may do with its tickets at once: nothing about them is out of the ordinary.
create function harmony.are_plain(p_round harmony.ticket[], p_blocked text[], p_half text[], p_kinds text[]) returns boolean
language plpgsql
as $$
begin
    return not exists (
        select
        from unnest(p_round) r
        where r.state is null
            or r.state not in ('Enqueued', 'Scheduled')
            or r.superseded
            or r.kind <> all (p_kinds)
            or r.kind = any (p_blocked)
            or r.kind = any (p_half)
            or exists (select from hangfire.jobqueue q where q.jobid = r.job_id and q.id <> r.ticket_id));
end
$$;

create or replace function harmony.turn_away(p_round harmony.ticket[], p_blocked text[], p_kinds text[]) returns bigint[]
language plpgsql
as $$
declare
    v_elder bigint[];
    v_stale bigint[];
    v_contested bigint[];
    v_parked bigint[];
    v_locked bigint[];
    v_away bigint[];
    v_one harmony.ticket;
begin
    select array_agg(q.id) into v_elder
    from (
        select x.id
        from hangfire.jobqueue x
        where x.jobid = any (array(select t.job_id from unnest(p_round) t))
            and x.fetchedat is null
        for update skip locked
    ) q;

    -- An older ticket makes a younger one stale, once it is ours: another fetch may be about to drop it.
    select
        array_agg(t.ticket_id) filter (where not e.has_elder or e.has_own_elder),
        array_agg(t.ticket_id) filter (where e.has_elder and not e.has_own_elder)
    into v_stale, v_contested
    from (
        select
            r.*,
            r.state is null
                or r.state not in ('Enqueued', 'Scheduled', 'Processing')
                or r.state = 'Processing' and exists (
                    select from hangfire.jobqueue q where q.jobid = r.job_id and q.id <> r.ticket_id and q.fetchedat is not null) as is_stale
        from unnest(p_round) r
    ) t
    cross join lateral (
        select
            not t.is_stale and count(*) > 0 as has_elder,
            coalesce(bool_or(q.id = any (v_elder)), false) as has_own_elder
        from hangfire.jobqueue q
        where q.jobid = t.job_id
            and q.id < t.ticket_id
            and q.fetchedat is null
    ) e
    where t.is_stale or e.has_elder;
    delete from hangfire.jobqueue q where q.id = any (v_stale);

    select array_agg(t.ticket_id) into v_parked
    from unnest(p_round) t
    where t.kind = any (p_blocked)
        and (v_stale is null or t.ticket_id <> all (v_stale))
        and (v_contested is null or t.ticket_id <> all (v_contested));
    if v_parked is not null then
        perform harmony.park(v_parked, (select array_agg(t.kind) from unnest(p_round) t where t.ticket_id = any (v_parked)));
    end if;
    v_away := coalesce(v_stale, '{}') || coalesce(v_parked, '{}') || coalesce(v_contested, '{}');

    for v_one in
        select r.*
        from unnest(p_round) r
        where r.ticket_id <> all (v_away)
            and (r.kind <> all (p_kinds) or (r.state = 'Processing' and r.starts_in_a_row >= 3) or r.superseded)
        order by r.job_id
    loop
        v_locked := harmony.lock_jobs(array[v_one.job_id]);
        if cardinality(v_locked) = 1 then
            -- Whoever held the lock may have changed the job since its ticket was picked: then it is looked at once more.
            perform from hangfire.job h where h.id = v_one.job_id and h.statename = v_one.state for update;
            if found then
                if v_one.superseded
                    and not (v_one.state = 'Processing' and v_one.starts_in_a_row >= 3)
                    and v_one.kind = any (p_kinds)
                    and harmony.retake_claim(v_one.job_id)
                then
                    perform harmony.unlock_jobs(v_locked);
                    continue;
                end if;
                perform harmony.end_unstarted(v_one, p_kinds);
            end if;
            perform harmony.unlock_jobs(v_locked);
        end if;
        v_away := v_away || v_one.ticket_id;
    end loop;
    return v_away;
end
$$;

drop function harmony.fetch(text, text[], text[], integer[], integer, bigint);
drop function harmony.start(text, harmony.ticket[]);

-- Each ticket's job is Processing afterwards, and the ticket leased; one whose job somebody else holds or has ended is left out.
create function harmony.start(p_server text, p_tickets harmony.ticket[]) returns table (
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
    waited_s double precision
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
            -- Came back to life while we waited for its lock: the next fetch asks whether it may.
            and (t.superseded or not l.revived or l.unique_key is null)
        order by t.job_id, t.ticket_id
    ) one;
    -- What other tickets these jobs have, of this fetch or of runs that are over, has had its say.
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
        extract(epoch from v_now - l.due_at)::double precision
    from go g
    cross join lateral (select l.* from harmony.job l where l.job_id = g.job_id limit 1) l;

    perform harmony.unlock_jobs(v_locked);
end
$$;

create function harmony.fetch(
    p_server text, p_kinds text[], p_lanes text[], p_rooms integer[], p_total integer, p_turn bigint) returns table (
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
    waited_s double precision
)
language plpgsql
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
    v_busy text[] := harmony.busy_among(p_lanes);
    v_blocked text[];
    v_half text[];
    v_lane text;
    v_room integer;
    v_total integer := p_total;
    v_round harmony.ticket[];
    v_go harmony.ticket[] := '{}';
    v_seen bigint[];
    v_held bigint[] := '{}';
    v_wait bigint[];
begin
    if cardinality(v_busy) = 0 then
        return;
    end if;
    v_blocked := harmony.blocked_kinds();
    v_half := harmony.half_open_kinds();

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
                case when cardinality(v_blocked) + cardinality(v_half) + cardinality(v_held) > 0 then greatest(v_room, 200) else v_room end,
                p_turn,
                coalesce((select array_agg(t.ticket_id) from unnest(v_go) t), '{}') || v_held);
            exit when v_round is null;
            if cardinality(v_round) <= v_room and harmony.are_plain(v_round, v_blocked, v_half, p_kinds) then
                v_go := v_go || v_round;
                v_total := v_total - cardinality(v_round);
                exit;
            end if;

            v_seen := harmony.turn_away(v_round, v_blocked, p_kinds);
            v_wait := harmony.hold_back(p_server, v_round, v_seen, v_go);
            v_held := v_held || v_wait;
            if cardinality(v_half) > 0 then
                v_seen := v_seen || harmony.turn_away_but_one(v_round, v_seen || v_wait, v_half);
            end if;

            select v_go || coalesce(array_agg(kept.one), '{}'), v_room - count(*)::integer, v_total - count(*)::integer
            into v_go, v_room, v_total
            from (
                select r as one
                from unnest(v_round) r
                where r.ticket_id <> all (v_seen)
                    and r.ticket_id <> all (v_wait)
                limit v_room
            ) kept;
            exit when cardinality(v_seen) + cardinality(v_wait) = 0;
        end loop;
    end loop;

    if cardinality(v_go) > 0 then
        return query select s.* from harmony.start(p_server, v_go) s;
    end if;
end
$$;

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

    -- A fetch takes tickets first and locks afterwards; so do we, or a late end and a takeover would wait for each other.
    perform q.id
    from hangfire.jobqueue q
    where q.jobid = any (v_jobs)
    order by q.id
    for update;

    v_locked := harmony.lock_jobs(v_jobs);
    perform h.id
    from hangfire.job h
    where h.id = any (v_locked)
    order by h.id
    for update;

    select array_agg(x order by x.j) into v_ok
    from unnest(v_all) x
    cross join lateral (select h.stateid, h.statename from hangfire.job h where h.id = x.j limit 1) h
    where x.j = any (v_locked)
        and h.stateid = x.f
        and h.statename = 'Processing';

    if v_ok is not null then
        if v_endings && array['succeeded', 'discarded'] then
            perform harmony.finish_done(v_ok, v_now);
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

create or replace function harmony.finish_done(p_ok harmony.outcome[], p_now timestamptz) returns void
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
