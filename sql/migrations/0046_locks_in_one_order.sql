-- Lanes come to a fetch in another order each time, so that none is always last. What a fetch locks for a lane stays locked
-- until its end: two of them could wait for each other until the database ended one.

create function harmony.note_parked(p_kinds text[]) returns void
language sql
as $$
    insert into harmony.parked_kind (kind)
    select distinct k.kind
    from unnest(p_kinds) as k (kind)
    order by k.kind
    on conflict (kind) do update set parked_at = excluded.parked_at;
$$;

drop function harmony.park(bigint[], text[]);

create or replace function harmony.turn_away_but_one(p_round harmony.ticket[], p_away bigint[], p_half text[]) returns bigint[]
language plpgsql
as $$
declare
    v_one harmony.ticket;
    v_parked bigint[] := '{}';
begin
    for v_one in
        select r.*
        from unnest(p_round) r
        where r.kind = any (p_half)
            and r.ticket_id <> all (p_away)
    loop
        continue when harmony.take_trial(v_one.job_id, v_one.kind);
        v_parked := v_parked || v_one.ticket_id;
    end loop;
    if cardinality(v_parked) > 0 then
        update hangfire.jobqueue q set queue = 'parked' where q.id = any (v_parked);
    end if;
    return v_parked;
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
        update hangfire.jobqueue q set queue = 'parked' where q.id = any (v_parked);
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
    v_parked_kinds text[] := '{}';
begin
    if cardinality(v_busy) = 0 then
        return;
    end if;
    v_blocked := harmony.blocked_kinds();
    v_half := harmony.half_open_kinds();
    perform from harmony.rate_window w where w.lane = any (v_busy) order by w.lane for update;
    if cardinality(v_half) > 0 then
        perform from harmony.provider_gate g where g.state <> 'closed' order by g.provider for update;
    end if;

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

    -- Last, and in order: whoever parks the same kinds waits for our end.
    if cardinality(v_parked_kinds) > 0 then
        perform harmony.note_parked(v_parked_kinds);
    end if;
    if cardinality(v_go) > 0 then
        return query select s.* from harmony.start(p_server, v_go) s;
    end if;
end
$$;
