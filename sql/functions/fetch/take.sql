-- take returns up to p_room waiting tickets of a lane, locked, with what decides about them. The jobs are looked up in a statement after the
-- one that locks: a job that was committed in between would seem not to exist.
-- Order: the high band before the middle and the low one, the oldest first within a band; every tenth turn begins with the oldest of all. A
-- lane with a rate window gives its starts out by weight instead: 6 parts to band a, 3 to b, 1 to c, counted over the window.
-- A job that commits something in each run and dies in each has a streak that never grows: ten starts without an outcome count as a crash loop.
-- Locks: the tickets, by skip locked, never waiting; rate_left: the row of the lane in harmony.rate_window.
-- Planner settings: waiting tickets are read in the order of the index harmony_jobqueue_waiting. Sorts and sequential scans are off, so that no
-- plan that was made while the table was empty walks over the tickets of other queues (docs/adr/0010-plans-that-do-not-age.md).

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

-- How often a job was started since it last ended in any way.
create or replace function harmony.starts_without_outcome(p_job_id bigint) returns bigint
language sql stable
as $$
    select count(*)
    from harmony.job_event e
    where e.job_id = p_job_id
        and e.to_state = 'Processing'
        and e.event_id > coalesce(
            (select max(o.event_id) from harmony.job_event o where o.job_id = p_job_id and o.to_state <> 'Processing'), 0)
$$;

-- Locks the tickets of one lane: band by band, by shares in a lane with a rate, and the oldest of all first in one turn of ten. Rows that this
-- transaction has locked are not skipped by "skip locked": what the fetch already holds is left out by id.
create or replace function harmony.pick(p_lane text, p_room integer, p_turn bigint, p_skip bigint[]) returns hangfire.jobqueue[]
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

-- How many of p_room starts each band gets: {a, b, c}. One after the other goes to the band that is furthest below its share.
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

-- The parts of a band in a lane with a rate window.
create or replace function harmony.band_weight(p_band text) returns integer
language sql immutable
as $$
    select case p_band when 'a' then 6 when 'b' then 3 else 1 end
$$;

-- How many of a lane may start now, seen over all processes; the row lock makes the answer exact.
create or replace function harmony.rate_left(p_lane text, p_wanted integer) returns integer
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
