-- While a backup or anybody else keeps an old snapshot open, nothing that was fetched since can be cleaned out of the
-- index, and every look for the first ticket would walk over all of it. So the head of each queue is written down once a
-- second, and looks begin there. A ticket that appears below the head (a rescue, or a transaction that took its number
-- early) is seen by the next round.

create table harmony.queue_head (
    queue text primary key,
    first_id bigint not null,
    seen_at timestamptz not null
) with (fillfactor = 50);

-- Where a look at the queue may begin; at the very beginning when nobody has looked for a while.
create function harmony.head_of(p_queue text) returns bigint
language sql stable
as $$
    select coalesce(
        (select h.first_id from harmony.queue_head h where h.queue = p_queue and h.seen_at > clock_timestamp() - interval '3 seconds'), 0)
$$;

-- Writes the heads down, at most once a second over all processes. An empty queue begins with the next number.
create function harmony.find_heads() returns void
language plpgsql
as $$
declare
    v_next bigint;
begin
    if exists (select from harmony.queue_head h where h.seen_at > clock_timestamp() - interval '900 milliseconds')
        or not pg_try_advisory_xact_lock(hashtextextended('harmony.find_heads', 0))
    then
        return;
    end if;

    select case when s.is_called then s.last_value + 1 else s.last_value end into v_next from hangfire.jobqueue_id_seq s;
    insert into harmony.queue_head as h (queue, first_id, seen_at)
    select
        lanes.lane || '_' || bands.band,
        coalesce(
            (
                select q.id
                from hangfire.jobqueue q
                where q.queue = lanes.lane || '_' || bands.band
                    and q.fetchedat is null
                order by q.id
                limit 1
            ),
            v_next),
        clock_timestamp()
    from (select distinct k.lane from harmony.kind k) lanes
    cross join unnest(array['a', 'b', 'c']) bands (band)
    order by 1
    on conflict (queue) do update set
        first_id = excluded.first_id,
        seen_at = excluded.seen_at;
end
$$;

-- Of these lanes those that have anything waiting.
create function harmony.busy_among(p_lanes text[]) returns text[]
language sql stable
as $$
    select coalesce(array_agg(distinct lanes.lane), '{}')
    from unnest(p_lanes) lanes (lane)
    where exists (
        select
        from unnest(array[lanes.lane || '_a', lanes.lane || '_b', lanes.lane || '_c']) queues (queue)
        cross join lateral (
            select
            from hangfire.jobqueue q
            where q.queue = queues.queue
                and q.fetchedat is null
                and q.id >= harmony.head_of(queues.queue)
            limit 1
        ) q
    )
$$;

-- How many of p_room starts each band gets: {a, b, c}. One after the other to whoever is furthest below its share.
create or replace function harmony.shares(p_lane text, p_room integer, p_skip bigint[]) returns integer[]
language plpgsql
as $$
declare
    v_bands text[] := array['a', 'b', 'c'];
    v_waiting integer[];
    v_used integer[];
    v_got integer[] := array[0, 0, 0];
    v_next integer;
begin
    select array_agg(w.waiting order by w.ord), array_agg(w.used order by w.ord)
    into v_waiting, v_used
    from (
        select
            b.ord,
            (
                select count(*)
                from (
                    select
                    from hangfire.jobqueue q
                    where q.queue = p_lane || '_' || b.band
                        and q.fetchedat is null
                        and q.id >= harmony.head_of(p_lane || '_' || b.band)
                        and q.id <> all (p_skip)
                    limit p_room
                ) few
            )::integer as waiting,
            (select count(*) from harmony.rate_use u where u.lane = p_lane and u.band = b.band)::integer as used
        from unnest(v_bands) with ordinality as b (band, ord)
    ) w;

    for v_one in 1 .. p_room loop
        select b.ord into v_next
        from unnest(v_bands) with ordinality as b (band, ord)
        where v_waiting[b.ord] > v_got[b.ord]
        order by (v_used[b.ord] + v_got[b.ord])::numeric / harmony.band_weight(b.band), b.ord
        limit 1;
        exit when v_next is null;
        v_got[v_next] := v_got[v_next] + 1;
    end loop;
    return v_got;
end
$$;

-- Takes up to p_room waiting tickets of a lane, oldest first within a band. A lane with a rate goes by its shares; any
-- other takes the high band before the low one, and every tenth turn the oldest of all.
create or replace function harmony.pick(p_lane text, p_room integer, p_turn bigint, p_skip bigint[]) returns setof hangfire.jobqueue
language plpgsql
as $$
declare
    v_bands text[] := array['a', 'b', 'c'];
    v_shares integer[];
    v_left integer := p_room;
    v_got integer;
    v_first bigint := -1;
begin
    if exists (select from harmony.rate_window w where w.lane = p_lane) then
        v_shares := harmony.shares(p_lane, p_room, p_skip);
    elsif p_turn % 10 = 0 and p_skip = '{}' then
        select o.id into v_first
        from unnest(v_bands) bands (band)
        cross join lateral (
            select q.id
            from hangfire.jobqueue q
            where q.queue = p_lane || '_' || bands.band
                and q.fetchedat is null
                and q.id >= harmony.head_of(p_lane || '_' || bands.band)
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

    -- Rows locked by ourselves are not skipped by "skip locked": what we already hold is left out by id.
    for v_band in 1 .. 3 loop
        exit when v_left <= 0;
        continue when v_shares[v_band] = 0;
        return query
        with head as materialized (
            select q.id
            from hangfire.jobqueue q
            where q.queue = p_lane || '_' || v_bands[v_band]
                and q.fetchedat is null
                and q.id >= harmony.head_of(p_lane || '_' || v_bands[v_band])
                and q.id <> v_first
                and q.id <> all (p_skip)
            order by q.id
            limit least(v_left, coalesce(v_shares[v_band], v_left))
            for update skip locked
        )
        select q.* from hangfire.jobqueue q join head h on h.id = q.id order by q.id;
        get diagnostics v_got = row_count;
        v_left := v_left - v_got;
    end loop;
end
$$;

-- Fetches tickets for one process and starts their jobs, in one transaction: after it a Processing row names the run,
-- and its id is the fence of everything the run writes.
create or replace function harmony.fetch(
    p_server text, p_kinds text[], p_lanes text[], p_rooms integer[], p_total integer, p_turn bigint
) returns table (
    ticket_id bigint, job_id bigint, fence bigint, kind text, lane text, args_json text,
    attempts integer, forced boolean, requested_by text, trace_id text)
language plpgsql
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

-- Brings tickets back whose kinds are free, in batches; of a kind that is on trial, one.
create or replace function harmony.unpark(p_limit integer) returns integer
language plpgsql
as $$
declare
    v_blocked text[];
    v_half text[];
    v_kind text;
    v_got integer;
    v_back integer := 0;
begin
    if not exists (select from harmony.parked_kind) then
        return 0;
    end if;
    v_blocked := harmony.blocked_kinds();
    v_half := harmony.half_open_kinds();

    for v_kind in
        select p.kind
        from harmony.parked_kind p
        where p.kind <> all (v_blocked)
            and (p.kind <> all (v_half) or harmony.is_on_trial(p.kind))
        order by p.kind
        for update skip locked
    loop
        with free as materialized (
            select q.id, l.queue
            from hangfire.jobqueue q
            join harmony.job l on l.job_id = q.jobid
            where q.queue = 'parked'
                and q.fetchedat is null
                and l.kind = v_kind
            order by q.id
            limit case when v_kind = any (v_half) then 1 else p_limit end
            for update of q skip locked
        ),
        back as (
            update hangfire.jobqueue q
            set queue = f.queue
            from free f
            where q.id = f.id
            returning q.id, q.queue
        ),
        earlier as (
            update harmony.queue_head h
            set first_id = b.id
            from (select r.queue, min(r.id) as id from back r group by r.queue) b
            where h.queue = b.queue
                and h.first_id > b.id
        )
        select count(*) into v_got from back;
        v_back := v_back + v_got;
        if v_got = 0 then
            delete from harmony.parked_kind p
            where p.kind = v_kind
                and not exists (
                    select
                    from hangfire.jobqueue q
                    join harmony.job l on l.job_id = q.jobid
                    where q.queue = 'parked'
                        and l.kind = v_kind);
        end if;
    end loop;

    if v_back > 0 then
        perform pg_notify('new_job', '');
    end if;
    return v_back;
end
$$;
