-- Fetches tickets for one process and starts their jobs, in one transaction. After it each job has a new Processing row, whose id is the fence
-- of the run: everything the run writes is checked against it (run/hold.sql). The lanes are asked in the order given, up to their rooms and
-- the total. Tickets that may not start are parked, snoozed, dropped or dead-lettered on the way (turn_away.sql), and never hide the rest.
--
-- The caller may have ended jobs in the same transaction (finish/finish_many.sql), which locks gates last: so gates are first here.
-- Locks, all kept to the end of the transaction; 1, 2, 5 and 6 once and in this order, 3 and 4 in each lane and round:
-- 1. harmony.provider_gate, the rows of gates that are not closed, by provider, only while one is half open: it waits.
-- 2. harmony.rate_window, the rows of the busy lanes, by lane: it waits; later the rows of harmony.rate_use of what is taken.
-- 3. hangfire.jobqueue, the tickets of each lane, by skip locked: it never waits (take.sql).
-- 4. Only for tickets out of the ordinary: other tickets of the same jobs by skip locked, then the lock row and the row in hangfire.job of
--    each job that ends here, by job id (turn_away.sql); an advisory lock per process that is tried and not waited for (hold_back.sql); the
--    gates of kinds on trial, by skip locked (gates/take_trial.sql).
-- 5. harmony.parked_kind, by kind.
-- 6. hangfire.lock, the lock rows of the jobs that start, by job id; then their other tickets by skip locked, their timers and retry marks,
--    hangfire.job, and harmony.job by trigger (start.sql). A job of the library's kinds that dies here locks its row there, too.
--
-- Planner settings: rows are reached by key, one by one, whatever the statistics say, so sequential scans and hash and merge joins are off;
-- a generic plan is kept, because planning anew costs more than the rows do (docs/adr/0010-plans-that-do-not-age.md).
-- The functions called from here inherit these settings, unless they have their own.

create or replace function harmony.fetch(
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
    waited_s double precision,
    title text
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
    v_parked_kinds text[] := '{}';
begin
    if cardinality(v_busy) = 0 then
        return;
    end if;
    v_blocked := harmony.blocked_kinds();
    v_half := harmony.half_open_kinds();
    if cardinality(v_half) > 0 then
        perform from harmony.provider_gate g where g.state <> 'closed' order by g.provider for update;
    end if;
    perform from harmony.rate_window w where w.lane = any (v_busy) order by w.lane for update;

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

        -- Tickets that may not run are moved or dropped, and the lane is looked at again, so that they never hide the rest.
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

            v_parked_kinds := v_parked_kinds || array(
                select distinct r.kind
                from unnest(v_round) r
                where r.ticket_id = any (v_seen)
                    and r.kind = any (v_blocked || v_half));

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

    -- After all lanes, and in order: another fetch that parks the same kinds waits for the end of this one.
    if cardinality(v_parked_kinds) > 0 then
        perform harmony.note_parked(v_parked_kinds);
    end if;
    if cardinality(v_go) > 0 then
        return query select s.* from harmony.start(p_server, v_go) s;
    end if;
end
$$;

-- The lanes among these that have anything waiting; one alone is not worth asking.
create or replace function harmony.busy_among(p_lanes text[]) returns text[]
language plpgsql stable
set enable_seqscan = off set enable_sort = off set enable_incremental_sort = off set plan_cache_mode = force_generic_plan
as $$
declare
    v_lane text;
    v_band text;
    v_busy text[] := '{}';
begin
    if cardinality(p_lanes) = 1 then
        return p_lanes;
    end if;

    foreach v_lane in array p_lanes loop
        foreach v_band in array array['_a', '_b', '_c'] loop
            perform
            from hangfire.jobqueue q
            where q.fetchedat is null
                and (q.queue, q.id) >= (v_lane || v_band, harmony.head_of(v_lane || v_band))
                and q.queue <= v_lane || v_band
            order by q.queue, q.id
            limit 1;
            if found then
                v_busy := v_busy || v_lane;
                exit;
            end if;
        end loop;
    end loop;
    return v_busy;
end
$$;

-- What a fetch may do with its tickets at once: nothing about them is out of the ordinary.
create or replace function harmony.are_plain(p_round harmony.ticket[], p_blocked text[], p_half text[], p_kinds text[]) returns boolean
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

-- Kinds with parked tickets, in order: two fetches that park the same kinds wait for each other here, and only here.
create or replace function harmony.note_parked(p_kinds text[]) returns void
language sql
as $$
    insert into harmony.parked_kind (kind)
    select distinct k.kind
    from unnest(p_kinds) as k (kind)
    order by k.kind
    on conflict (kind) do update set parked_at = excluded.parked_at;
$$;
