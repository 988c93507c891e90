-- A lane with a rate is shared by weight: six parts for what somebody waits for (band a), three for the ordinary (b), one
-- for what fills in the past (c). Whoever used least of its share in this window comes next, so a click is next and a
-- backlog of thousands still moves. What is ahead of a waiting job, and when its turn may come, can be asked.

alter table harmony.rate_use add column band text not null default 'b' check (band in ('a', 'b', 'c'));

create function harmony.band_weight(p_band text) returns integer
language sql immutable
as $$
    select case p_band when 'a' then 6 when 'b' then 3 else 1 end
$$;

-- How many of p_room starts each band gets: {a, b, c}. One after the other to whoever is furthest below its share.
create function harmony.shares(p_lane text, p_room integer, p_skip bigint[]) returns integer[]
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

-- What waits before a job in its lane, counted to ten thousand, and when its turn may come if the lane has a rate.
create function harmony.place_in_line(p_job_id bigint) returns table (ahead bigint, expected_at timestamptz)
language plpgsql stable
as $$
declare
    v_ticket hangfire.jobqueue;
    v_lane text;
    v_band text;
    v_window harmony.rate_window;
    v_share numeric;
    v_free bigint;
begin
    select q.* into v_ticket from hangfire.jobqueue q where q.jobid = p_job_id and q.fetchedat is null order by q.id limit 1;
    if not found or v_ticket.queue = 'parked' then
        return;
    end if;
    v_lane := regexp_replace(v_ticket.queue, '_[abc]$', '');
    v_band := right(v_ticket.queue, 1);
    select w.* into v_window from harmony.rate_window w where w.lane = v_lane;

    -- By shares, the other bands do not stand before us: they only slow us down.
    select count(*) into ahead
    from (
        select
        from hangfire.jobqueue q
        where q.fetchedat is null
            and (
                (q.queue = v_ticket.queue and q.id < v_ticket.id)
                or (v_window.lane is null and q.queue in (v_lane || '_a', v_lane || '_b') and q.queue < v_ticket.queue))
        limit 10000
    ) before;

    if v_window.lane is not null then
        select harmony.band_weight(v_band)::numeric / sum(harmony.band_weight(b.band)) into v_share
        from unnest(array['a', 'b', 'c']) b (band)
        where b.band = v_band
            or exists (select from hangfire.jobqueue q where q.queue = v_lane || '_' || b.band and q.fetchedat is null);
        select greatest(0, v_window.permits - count(*)) into v_free
        from harmony.rate_use u
        where u.lane = v_lane
            and u.used_at > harmony.now() - v_window.window_length;
        expected_at := harmony.now()
            + v_window.window_length * (greatest(0, (ahead + 1) / v_share - v_free) / v_window.permits)::double precision;
    end if;
    return next;
end
$$;

-- As before, and a start in a lane with a rate remembers its band.
create or replace function harmony.start(p_server text, p_tickets harmony.ticket[])
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
    with one as materialized (
        select distinct on (t.job_id)
            t.ticket_id,
            t.job_id,
            t.lane,
            t.queue,
            t.state
        from unnest(p_tickets) t
        join hangfire.job h on h.id = t.job_id
        where t.job_id = any (v_locked)
            and h.statename in ('Enqueued', 'Scheduled', 'Processing')
        order by t.job_id, t.ticket_id
    ),
    go as materialized (
        select o.*, nextval('hangfire.state_id_seq') as fence
        from one o
    ),
    -- Two tickets of one job in one fetch are one run.
    twins as (
        delete from hangfire.jobqueue q
        using unnest(p_tickets) t
        join one o on o.job_id = t.job_id and o.ticket_id <> t.ticket_id
        where q.id = t.ticket_id
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
        insert into harmony.rate_use (lane, used_at, job_id, band)
        select g.lane, v_now, g.job_id, right(g.queue, 1)
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
