-- A job that died with its process twice is either poison or was only near it. Its third start, after which it counts as
-- a crash loop, happens alone and in a process that has proved itself: so poison condemns nobody but itself.

-- How long a process must have been up before it takes such a job, by the database's clock.
create function harmony.is_settled(p_server text) returns boolean
language sql stable
as $$
    select exists (
        select
        from hangfire.server s
        where s.id = p_server
            and harmony.state_time(s.data ->> 'StartedAt') < harmony.now() - interval '10 seconds')
$$;

-- The server's own clock may be wrong; what the fleet decides by is when it joined.
create function harmony.up_since_now(p_data jsonb) returns jsonb
language sql volatile
as $$
    select p_data || jsonb_build_object('StartedAt', to_char(harmony.now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
$$;

-- A server announces itself. All members of a fleet share one lease: a different one is refused while others live.
create or replace function harmony.join_fleet(p_server text, p_lease_seconds integer, p_data jsonb) returns void
language plpgsql
as $$
declare
    v_lease integer;
begin
    select f.lease_seconds into v_lease from harmony.fleet f for update;
    delete from hangfire.server s where s.lastheartbeat < harmony.now() - interval '5 minutes';
    if v_lease <> p_lease_seconds then
        if exists (
            select from hangfire.server s
            where s.lastheartbeat > harmony.now() - make_interval(secs => 2 * greatest(v_lease, 15)))
        then
            raise exception 'ORCH_VISIBILITY_TIMEOUT_S is % here, but the running fleet uses %', p_lease_seconds, v_lease
                using errcode = '55000', hint = 'set the same value everywhere, or stop the other processes first';
        end if;
        update harmony.fleet set lease_seconds = p_lease_seconds;
    end if;

    insert into hangfire.server (id, data, lastheartbeat)
    values (p_server, harmony.up_since_now(p_data), harmony.now())
    on conflict (id) do update set data = excluded.data, lastheartbeat = excluded.lastheartbeat;
end
$$;

-- Says "alive"; a server somebody declared dead comes back under its own name.
create or replace function harmony.heartbeat(p_server text, p_data jsonb) returns void
language sql
as $$
    insert into hangfire.server (id, data, lastheartbeat)
    values (p_server, harmony.up_since_now(p_data), harmony.now())
    on conflict (id) do update set lastheartbeat = excluded.lastheartbeat;
$$;

-- Names the tickets of a round that wait for their turn to be alone: all third starts but one, and that one too while
-- this process is young or already runs such a job.
create function harmony.hold_back(p_server text, p_round harmony.ticket[], p_away bigint[], p_go harmony.ticket[])
returns bigint[]
language plpgsql
as $$
declare
    v_suspects bigint[];
begin
    select array_agg(r.ticket_id order by r.ticket_id) into v_suspects
    from unnest(p_round) r
    where r.state = 'Processing'
        and r.starts_in_a_row = 2
        and r.ticket_id <> all (p_away);
    if v_suspects is null then
        return '{}';
    end if;

    if harmony.is_settled(p_server)
        and not exists (select from unnest(p_go) g where g.state = 'Processing' and g.starts_in_a_row = 2)
        and not exists (
            select
            from harmony.job l
            where l.state = 'Processing'
                and l.worker = p_server
                and l.starts_in_a_row >= 3)
    then
        return v_suspects[2:];
    end if;
    return v_suspects;
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
    v_busy text[] := harmony.busy_lanes();
    v_blocked text[];
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
                case when cardinality(v_blocked) + cardinality(v_held) > 0 then greatest(v_room, 200) else v_room end,
                p_turn,
                coalesce((select array_agg(t.ticket_id) from unnest(v_go) t), '{}') || v_held);
            exit when v_round is null;
            v_seen := harmony.turn_away(v_round, v_blocked, p_kinds);
            v_wait := harmony.hold_back(p_server, v_round, v_seen, v_go);
            v_held := v_held || v_wait;

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
