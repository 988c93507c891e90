-- A provider that fails closes its own gate: five failures in a row, from whichever process, and nobody calls it for a
-- minute. Then one job at a time tries; two that get through open the gate for all. Where a provider itself names the
-- time (gate_block), the way back is the same.

alter table harmony.provider_gate
    add column probe_job bigint,
    add column probe_at timestamptz;

-- Kinds with tickets in the parking queue: it is searched only for kinds that may leave it.
create table harmony.parked_kind (
    kind text primary key,
    parked_at timestamptz not null default harmony.now()
);
insert into harmony.parked_kind (kind)
select distinct l.kind
from hangfire.jobqueue q
join harmony.job l on l.job_id = q.jobid
where q.queue = 'parked';

-- Kinds behind a gate whose time is over and that nobody has proved yet: they start one at a time.
create function harmony.half_open_kinds() returns text[]
language sql stable
as $$
    select coalesce(array_agg(k.kind), '{}')
    from harmony.kind k
    where exists (
        select
        from harmony.provider_gate g
        where g.provider = any (k.providers)
            and (g.state = 'half_open' or (g.state = 'open' and g.blocked_until <= harmony.now())))
$$;

-- The row of the kind is locked until the tickets are there to be seen: unpark never misses them.
create function harmony.park(p_ticket_ids bigint[], p_kinds text[]) returns void
language sql
as $$
    insert into harmony.parked_kind (kind)
    select distinct k.kind
    from unnest(p_kinds) as k (kind)
    order by k.kind
    on conflict (kind) do update set parked_at = excluded.parked_at;

    update hangfire.jobqueue q set queue = 'parked' where q.id = any (p_ticket_ids);
$$;

-- A gate whose trial nobody is at: its last probe has ended, or has been at it for half a minute without a word.
create function harmony.gate_is_free(g harmony.provider_gate, p_job_id bigint) returns boolean
language sql stable
as $$
    select g.probe_job is null
        or g.probe_job = p_job_id
        or g.probe_at < harmony.now() - interval '30 seconds'
        or (
            g.probe_at < harmony.now() - interval '2 seconds'
            and not exists (select from harmony.job l where l.job_id = g.probe_job and l.state = 'Processing'))
$$;

-- May one job of the kind try its providers now?
create function harmony.is_on_trial(p_kind text) returns boolean
language sql stable
as $$
    select coalesce(bool_and(harmony.gate_is_free(g, null)), false)
    from harmony.provider_gate g
    join harmony.kind k on g.provider = any (k.providers)
    where k.kind = p_kind
        and g.state <> 'closed'
$$;

-- Brings tickets back whose kinds are free, in batches; of a kind that is on trial, one.
create function harmony.unpark(p_limit integer) returns integer
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
        )
        update hangfire.jobqueue q
        set queue = f.queue
        from free f
        where q.id = f.id;
        get diagnostics v_got = row_count;
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

-- Takes the trial of every gate the job needs, or of none.
create function harmony.take_trial(p_job_id bigint, p_kind text) returns boolean
language plpgsql
as $$
declare
    v_all text[];
    v_free text[];
begin
    select array_agg(g.provider) into v_all
    from harmony.provider_gate g
    join harmony.kind k on g.provider = any (k.providers)
    where k.kind = p_kind
        and g.state <> 'closed';

    select array_agg(t.provider) into v_free
    from (
        select g.provider
        from harmony.provider_gate g
        where g.provider = any (v_all)
            and harmony.gate_is_free(g, p_job_id)
        order by g.provider
        for update skip locked
    ) t;
    if coalesce(cardinality(v_free), 0) < coalesce(cardinality(v_all), 0) then
        return false;
    end if;

    update harmony.provider_gate g
    set
        state = 'half_open',
        probe_job = p_job_id,
        probe_at = harmony.now()
    where g.provider = any (v_free);
    return true;
end
$$;

-- Of the tickets whose kinds are on trial the first goes through, the others are parked and named.
create function harmony.turn_away_but_one(p_round harmony.ticket[], p_away bigint[], p_half text[]) returns bigint[]
language plpgsql
as $$
declare
    v_one harmony.ticket;
    v_parked bigint[] := '{}';
    v_kinds text[] := '{}';
begin
    for v_one in
        select r.*
        from unnest(p_round) r
        where r.kind = any (p_half)
            and r.ticket_id <> all (p_away)
    loop
        continue when harmony.take_trial(v_one.job_id, v_one.kind);
        v_parked := v_parked || v_one.ticket_id;
        v_kinds := v_kinds || v_one.kind;
    end loop;
    if cardinality(v_parked) > 0 then
        perform harmony.park(v_parked, v_kinds);
    end if;
    return v_parked;
end
$$;

-- A call that failed because of the provider. Answers the state of its gate.
create function harmony.gate_failure(p_provider text, p_reason text) returns text
language sql
as $$
    insert into harmony.provider_gate as g (provider, failures, reason)
    values (p_provider, 1, left(p_reason, 500))
    on conflict (provider) do update set
        failures = g.failures + 1,
        successes = 0,
        state = case when g.state <> 'closed' or g.failures >= 4 then 'open' else 'closed' end,
        blocked_until = case
            when g.state = 'open' and g.blocked_until > harmony.now() then g.blocked_until
            when g.state <> 'closed' or g.failures >= 4 then harmony.now() + interval '60 seconds'
        end,
        probe_job = null,
        reason = excluded.reason,
        changed_at = case when g.state <> 'closed' or g.failures >= 4 then harmony.now() else g.changed_at end
    returning g.state
$$;

-- What the ends of runs say about the providers of their kinds. Nearly always every gate is clean, and nothing is done.
create function harmony.gate_outcomes(p_ok harmony.outcome[]) returns void
language plpgsql
as $$
begin
    if not exists (select from harmony.provider_gate g where g.state <> 'closed' or g.failures > 0) then
        return;
    end if;

    perform g.provider
    from harmony.provider_gate g
    where g.state <> 'closed'
        or g.failures > 0
    order by g.provider
    for update;

    -- In a row means: without a run in between that got what it wanted.
    update harmony.provider_gate g
    set
        failures = 0,
        reason = null
    from unnest(p_ok) x
    join harmony.job l on l.job_id = x.j
    join harmony.kind k on k.kind = l.kind
    where x.o in ('succeeded', 'parked')
        and g.provider = any (k.providers)
        and g.state = 'closed'
        and g.failures > 0;

    update harmony.provider_gate g
    set
        successes = case when x.o in ('succeeded', 'parked') then g.successes + 1 else g.successes end,
        probe_job = null
    from unnest(p_ok) x
    where g.probe_job = x.j;

    update harmony.provider_gate g
    set
        state = 'closed',
        failures = 0,
        successes = 0,
        blocked_until = null,
        probe_at = null,
        reason = null,
        changed_at = harmony.now()
    where g.state = 'half_open'
        and g.successes >= 2;
end
$$;

-- Closes a provider for everybody until a time; a later time wins, an earlier one does not shorten it.
create or replace function harmony.gate_block(p_provider text, p_wait interval, p_reason text) returns timestamptz
language sql
as $$
    insert into harmony.provider_gate (provider, state, blocked_until, reason, changed_at)
    values (p_provider, 'open', harmony.now() + p_wait, left(p_reason, 500), harmony.now())
    on conflict (provider) do update set
        state = 'open',
        successes = 0,
        probe_job = null,
        blocked_until = greatest(provider_gate.blocked_until, excluded.blocked_until),
        reason = excluded.reason,
        changed_at = harmony.now()
    returning blocked_until
$$;

create or replace function harmony.gate_reset(p_provider text) returns boolean
language plpgsql
as $$
begin
    update harmony.provider_gate g
    set
        state = 'closed',
        failures = 0,
        successes = 0,
        blocked_until = null,
        probe_job = null,
        probe_at = null,
        reason = null,
        changed_at = harmony.now()
    where g.provider = p_provider;
    if found then
        perform harmony.record_action('gate_reset', p_provider, null, 1, false);
        perform harmony.rescue(10000);
    end if;
    return found;
end
$$;

-- Deals with tickets that must not start and names them: stale ones are dropped, blocked ones parked, kinds of another
-- version snoozed, crash loops dead-lettered, revived jobs whose key a twin holds discarded.
create or replace function harmony.turn_away(p_round harmony.ticket[], p_blocked text[], p_kinds text[]) returns bigint[]
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
    if v_parked is not null then
        perform harmony.park(v_parked, (select array_agg(t.kind) from unnest(p_round) t where t.ticket_id = any (v_parked)));
    end if;
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

-- Answers per job: ok; lost (the run no longer held it: nothing was written); locked (a click is changing it: try again).
create or replace function harmony.finish_many(p_server text, p_results jsonb) returns table (job_id bigint, answer text)
language plpgsql
as $$
#variable_conflict use_column
declare
    v_now timestamptz := harmony.now();
    v_all harmony.outcome[];
    v_ok harmony.outcome[];
    v_locked bigint[];
    v_key text;
begin
    select array_agg(x order by x.j) into v_all
    from jsonb_populate_recordset(null::harmony.outcome, p_results) x;
    if v_all is null then
        return;
    end if;

    -- A wake and the park it wakes exclude each other by this lock; keys in order, so that two servers cannot deadlock.
    for v_key in select distinct x.k from unnest(v_all) x where x.o = 'parked' order by 1 loop
        perform pg_advisory_xact_lock(hashtextextended('harmony.wake:' || v_key, 0));
    end loop;

    v_locked := harmony.lock_jobs((select array_agg(x.j) from unnest(v_all) x));
    perform h.id
    from hangfire.job h
    where h.id = any (v_locked)
    order by h.id
    for update;

    select array_agg(x order by x.j) into v_ok
    from unnest(v_all) x
    join hangfire.job h on h.id = x.j
    where x.j = any (v_locked)
        and h.stateid = x.f
        and h.statename = 'Processing';

    if v_ok is not null then
        perform harmony.finish_done(v_ok, v_now);
        perform harmony.finish_later(v_ok, v_now, p_server);
        perform harmony.finish_dead(v_ok, v_now, p_server);
        perform harmony.finish_returned(v_ok, v_now);
        perform harmony.gate_outcomes(v_ok);
        delete from hangfire.jobqueue q
        using unnest(v_ok) x
        where q.id = x.t
            and x.o <> 'returned';
    end if;
    perform harmony.unlock_jobs(v_locked);

    return query
    select
        x.j,
        case
            when ok.j is not null then 'ok'
            when x.j = any (v_locked) then 'lost'
            else 'locked'
        end
    from unnest(v_all) x
    left join unnest(v_ok) ok on ok.j = x.j;
end
$$;

-- Tickets whose lease ran out wait again; what need not be parked any longer comes back.
create or replace function harmony.rescue(p_limit integer) returns integer
language plpgsql
as $$
declare
    v_lease interval;
    v_rescued integer;
begin
    select make_interval(secs => f.lease_seconds) into v_lease from harmony.fleet f;

    with expired as materialized (
        select q.id
        from hangfire.jobqueue q
        join harmony.job l on l.job_id = q.jobid
        where q.fetchedat < harmony.now() - v_lease
            and l.lane is not null
        limit p_limit
        for update of q skip locked
    )
    update hangfire.jobqueue q
    set fetchedat = null
    from expired e
    where q.id = e.id;
    get diagnostics v_rescued = row_count;

    if v_rescued > 0 then
        perform pg_notify('new_job', '');
    end if;
    perform harmony.unpark(p_limit);
    return v_rescued;
end
$$;
