-- A plan is made once per session, often while everything was still empty, and kept while the tables grow. Told a queue
-- alone, the planner takes any order of numbers for a short way, and walks over everything that waits in other queues;
-- so these functions look for tickets by queue and number together, as only the one index has them that holds nothing
-- but waiting tickets.

create or replace function harmony.now() returns timestamptz
language plpgsql
as $$
begin
    return clock_timestamp() + (select f.clock_shift from harmony.fleet f);
end
$$;

create or replace function harmony.head_of(p_queue text) returns bigint
language plpgsql stable
as $$
declare
    v_first bigint;
begin
    select h.first_id into v_first
    from harmony.queue_head h
    where h.queue = p_queue
        and h.seen_at > clock_timestamp() - interval '3 seconds';
    return coalesce(v_first, 0);
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

drop function harmony.pick(text, integer, bigint, bigint[]);

-- The tickets of one lane that a fetch may have, locked: band by band, by shares in a lane with a rate, and the oldest of all
-- first in one turn of ten.
-- Rows locked by ourselves are not skipped by "skip locked": what we already hold is left out by id.
-- Rows locked by ourselves are not skipped by "skip locked": what we already hold is left out by id.
create function harmony.pick(p_lane text, p_room integer, p_turn bigint, p_skip bigint[]) returns hangfire.jobqueue[]
language plpgsql
set enable_seqscan = off set enable_sort = off set enable_incremental_sort = off set plan_cache_mode = force_generic_plan
as $$
declare
    v_bands text[] := array['a', 'b', 'c'];
    v_shares integer[];
    v_left integer := p_room;
    v_first bigint := -1;
    v_id bigint;
    v_queue text;
    v_few hangfire.jobqueue[];
    v_all hangfire.jobqueue[];
begin
    if exists (select from harmony.rate_window w where w.lane = p_lane) then
        v_shares := harmony.shares(p_lane, p_room, p_skip);
    elsif p_turn % 10 = 0 and p_skip = '{}' then
        for v_band in 1 .. 3 loop
            v_queue := p_lane || '_' || v_bands[v_band];
            select q.id into v_id
            from hangfire.jobqueue q
            where q.fetchedat is null
                and (q.queue, q.id) >= (v_queue, harmony.head_of(v_queue))
                and q.queue <= v_queue
            order by q.queue, q.id
            limit 1;
            if v_id < v_first or v_first = -1 then
                v_first := coalesce(v_id, -1);
            end if;
        end loop;
        select array_agg(one.q) into v_all
        from (
            select q
            from hangfire.jobqueue q
            where q.id = v_first
                and q.fetchedat is null
            for update skip locked
        ) one;
        v_left := v_left - coalesce(cardinality(v_all), 0);
    end if;

    for v_band in 1 .. 3 loop
        exit when v_left <= 0;
        continue when v_shares[v_band] = 0;
        v_queue := p_lane || '_' || v_bands[v_band];
        select array_agg(few.q) into v_few
        from (
            select q
            from hangfire.jobqueue q
            where q.fetchedat is null
                and (q.queue, q.id) >= (v_queue, harmony.head_of(v_queue))
                and q.queue <= v_queue
                and q.id <> v_first
                and q.id <> all (p_skip)
            order by q.queue, q.id
            limit least(v_left, coalesce(v_shares[v_band], v_left))
            for update skip locked
        ) few;
        if v_few is not null then
            v_all := v_all || v_few;
            v_left := v_left - cardinality(v_few);
        end if;
    end loop;
    return v_all;
end
$$;

create or replace function harmony.shares(p_lane text, p_room integer, p_skip bigint[]) returns integer[]
language plpgsql
set enable_seqscan = off set enable_sort = off set enable_incremental_sort = off set plan_cache_mode = force_generic_plan
as $$
declare
    v_bands text[] := array['a', 'b', 'c'];
    v_queue text;
    v_waiting integer[];
    v_used integer[];
    v_got integer[] := array[0, 0, 0];
    v_next integer;
begin
    for v_band in 1 .. 3 loop
        v_queue := p_lane || '_' || v_bands[v_band];
        v_waiting[v_band] := (
            select count(*)
            from (
                select
                from hangfire.jobqueue q
                where q.fetchedat is null
                    and (q.queue, q.id) >= (v_queue, harmony.head_of(v_queue))
                    and q.queue <= v_queue
                    and q.id <> all (p_skip)
                order by q.queue, q.id
                limit p_room
            ) few);
        v_used[v_band] := (select count(*) from harmony.rate_use u where u.lane = p_lane and u.band = v_bands[v_band]);
    end loop;

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

-- The number that the next ticket was to get when the head was looked for.
alter table harmony.queue_head add column next_id bigint not null default 0;

-- Writes the heads down, at most once a second over all processes. A ticket that got its number before the look and is
-- committed after it must not lie below the head: so a queue begins at its first ticket, or at the number that was next a
-- round ago, whichever is less.
create or replace function harmony.find_heads() returns void
language plpgsql
set enable_seqscan = off set enable_sort = off set enable_incremental_sort = off set plan_cache_mode = force_generic_plan
as $$
declare
    v_next bigint;
    v_queue text;
    v_first bigint;
begin
    if exists (select from harmony.queue_head h where h.seen_at > clock_timestamp() - interval '900 milliseconds')
        or not pg_try_advisory_xact_lock(hashtextextended('harmony.find_heads', 0))
    then
        return;
    end if;

    select case when s.is_called then s.last_value + 1 else s.last_value end into v_next from hangfire.jobqueue_id_seq s;
    for v_queue in
        select lanes.lane || '_' || bands.band
        from (select distinct k.lane from harmony.kind k) lanes
        cross join unnest(array['a', 'b', 'c']) bands (band)
        order by 1
    loop
        select q.id into v_first
        from hangfire.jobqueue q
        where q.fetchedat is null
            and (q.queue, q.id) >= (v_queue, 0)
            and q.queue <= v_queue
        order by q.queue, q.id
        limit 1;
        insert into harmony.queue_head as h (queue, first_id, seen_at, next_id)
        values (v_queue, 0, clock_timestamp(), v_next)
        on conflict (queue) do update set
            first_id = least(coalesce(v_first, v_next), h.next_id),
            seen_at = excluded.seen_at,
            next_id = excluded.next_id;
    end loop;
end
$$;
