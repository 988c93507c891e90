-- What operators and the server's upkeep do: requeue, purge, cancel, run now, pause, gates, schedules, retention.

create function harmony.record_action(p_action text, p_target text, p_detail jsonb, p_affected integer, p_dry_run boolean)
returns void
language sql
as $$
    insert into harmony.operator_action (actor, action, target, detail, affected, dry_run)
    values (harmony.actor(), p_action, p_target, coalesce(p_detail, '{}'), p_affected, p_dry_run)
$$;

-- Takes waiting tickets, timers and retry marks of a job away, whatever state it is in.
create function harmony.clear_waiting(p_job_id bigint) returns void
language sql
as $$
    delete from hangfire.jobqueue q where q.jobid = p_job_id;
    delete from hangfire.set s
    using harmony.job l
    where l.job_id = p_job_id
        and ((s.key = 'schedule' and s.value in (p_job_id::text, l.queue || ':' || p_job_id))
            or (s.key = 'retries' and s.value = p_job_id::text));
$$;

-- One job to another state by an operator's hand; null when a worker or a click holds its lock at this moment.
create function harmony.move_job(
    p_job_id bigint, p_from text[], p_to text, p_reason text, p_data jsonb, p_expire_in interval
) returns boolean
language plpgsql
as $$
declare
    v_state text;
    v_locked bigint[];
begin
    v_locked := harmony.lock_jobs(array[p_job_id]);
    if cardinality(v_locked) = 0 then
        return null;
    end if;

    select h.statename into v_state from hangfire.job h where h.id = p_job_id for update;
    if v_state is null or v_state <> all (p_from) then
        perform harmony.unlock_jobs(v_locked);
        return false;
    end if;

    perform harmony.clear_waiting(p_job_id);
    perform harmony.write_states(array[p_job_id], p_to, array[p_reason], array[p_data], p_expire_in);
    if v_state in ('Succeeded', 'Deleted') then
        insert into hangfire.counter (key, value) values ('stats:' || lower(v_state), -1);
    end if;
    if p_to = 'Enqueued' then
        insert into hangfire.jobqueue (jobid, queue)
        select p_job_id, l.queue
        from harmony.job l
        where l.job_id = p_job_id;
    elsif p_to = 'Deleted' then
        perform harmony.count_stats('deleted', 1, true);
    end if;
    perform harmony.unlock_jobs(v_locked);
    return true;
end
$$;

-- The dead letters (or the ids named) that a filter means.
create function harmony.matching_dead(
    p_job_ids bigint[], p_kind text, p_reason_code text, p_older_than interval, p_text text
) returns setof bigint
language sql stable
as $$
    select l.job_id
    from harmony.job l
    where l.state = 'Failed'
        and (p_job_ids is null or l.job_id = any (p_job_ids))
        and (p_kind is null or l.kind = p_kind)
        and (p_reason_code is null or l.reason_code = p_reason_code)
        and (p_older_than is null or l.dead_lettered_at < harmony.now() - p_older_than)
        and (p_text is null or l.last_error ilike '%' || replace(replace(replace(p_text, '\', '\\'), '%', '\%'), '_', '\_') || '%')
    order by l.dead_lettered_at, l.job_id
$$;

-- Requeue by filter: full attempt budget again; the unique key is taken again, a live twin wins.
create function harmony.requeue(
    job_ids bigint[] default null, kind text default null, reason_code text default null,
    older_than interval default null, text_like text default null, dry_run boolean default false
) returns table (job_id bigint, outcome text)
language plpgsql
as $$
#variable_conflict use_column
declare
    v_ids bigint[];
    v_id bigint;
    v_moved boolean;
    v_done integer := 0;
begin
    select array_agg(m) into v_ids
    from harmony.matching_dead(requeue.job_ids, requeue.kind, requeue.reason_code, requeue.older_than, requeue.text_like) m;

    foreach v_id in array coalesce(v_ids, '{}') loop
        if requeue.dry_run then
            return query select v_id, 'would_requeue';
            v_done := v_done + 1;
            continue;
        end if;

        if not harmony.retake_claim(v_id) then
            v_moved := harmony.move_job(
                v_id, array['Failed'], 'Deleted', 'Superseded: a live job holds the same key',
                jsonb_build_object('DeletedAt', harmony.millis(harmony.now()), 'ReasonCode', 'superseded'), interval '24 hours');
            return query select v_id, case when v_moved then 'superseded' else 'busy' end;
            continue;
        end if;

        v_moved := harmony.move_job(
            v_id, array['Failed'], 'Enqueued', 'Requeued by ' || harmony.actor(),
            jsonb_build_object('EnqueuedAt', harmony.millis(harmony.now()), 'Queue', 'default'), null);
        if v_moved then
            v_done := v_done + 1;
        end if;
        return query select v_id, case when v_moved then 'requeued' else 'busy' end;
    end loop;

    if requeue.job_ids is not null then
        return query
        select i, case when l.job_id is null then 'not_found' else 'not_dead_letter' end
        from unnest(requeue.job_ids) i
        left join harmony.job l on l.job_id = i
        where v_ids is null or i <> all (v_ids);
    end if;
    if v_done > 0 and not requeue.dry_run then
        perform pg_notify('new_job', '');
    end if;
    perform harmony.record_action(
        'requeue', requeue.kind,
        jsonb_strip_nulls(jsonb_build_object('job_ids', requeue.job_ids, 'kind', requeue.kind, 'reason_code', requeue.reason_code,
            'older_than', requeue.older_than, 'text', requeue.text_like)),
        v_done, requeue.dry_run);
end
$$;

-- Purge is a transition to Deleted: the history stays.
create function harmony.purge(
    job_ids bigint[] default null, kind text default null, reason_code text default null,
    older_than interval default null, text_like text default null, dry_run boolean default false
) returns table (job_id bigint, outcome text)
language plpgsql
as $$
#variable_conflict use_column
declare
    v_ids bigint[];
    v_id bigint;
    v_moved boolean;
    v_done integer := 0;
begin
    select array_agg(m) into v_ids
    from harmony.matching_dead(purge.job_ids, purge.kind, purge.reason_code, purge.older_than, purge.text_like) m;

    foreach v_id in array coalesce(v_ids, '{}') loop
        v_moved := purge.dry_run or harmony.move_job(
            v_id, array['Failed'], 'Deleted', 'Purged by ' || harmony.actor(),
            jsonb_build_object('DeletedAt', harmony.millis(harmony.now()), 'ReasonCode', 'purged'), interval '24 hours');
        if v_moved then
            v_done := v_done + 1;
        end if;
        return query select v_id, case when purge.dry_run then 'would_purge' when v_moved then 'purged' else 'busy' end;
    end loop;

    if purge.job_ids is not null then
        return query
        select i, case when l.job_id is null then 'not_found' else 'not_dead_letter' end
        from unnest(purge.job_ids) i
        left join harmony.job l on l.job_id = i
        where v_ids is null or i <> all (v_ids);
    end if;
    perform harmony.record_action(
        'purge', purge.kind,
        jsonb_strip_nulls(jsonb_build_object('job_ids', purge.job_ids, 'kind', purge.kind, 'reason_code', purge.reason_code,
            'older_than', purge.older_than, 'text', purge.text_like)),
        v_done, purge.dry_run);
end
$$;

-- Any job that has not ended becomes Deleted; a run in progress loses its job and is cancelled at its next renewal.
create function harmony.cancel(p_job_id bigint) returns text
language plpgsql
as $$
declare
    v_moved boolean;
begin
    if not exists (select from hangfire.job h where h.id = p_job_id) then
        return 'not_found';
    end if;
    v_moved := harmony.move_job(
        p_job_id, array['Enqueued', 'Scheduled', 'Processing', 'Awaiting', 'Failed'], 'Deleted', 'Cancelled by ' || harmony.actor(),
        jsonb_build_object('DeletedAt', harmony.millis(harmony.now()), 'ReasonCode', 'cancelled'), interval '24 hours');
    if v_moved then
        perform harmony.record_action('cancel', p_job_id::text, null, 1, false);
        perform pg_notify('harmony_control', 'cancel');
    end if;
    return case when v_moved then 'cancelled' when v_moved is null then 'busy' else 'already_ended' end;
end
$$;

-- A waiting timer is due now.
create function harmony.run_now(p_job_id bigint) returns text
language plpgsql
as $$
declare
    v_state text;
begin
    with timer as (
        delete from hangfire.set s
        using harmony.job l
        where l.job_id = p_job_id
            and s.key = 'schedule'
            and s.value = l.queue || ':' || p_job_id
        returning l.queue
    )
    insert into hangfire.jobqueue (jobid, queue)
    select p_job_id, t.queue
    from timer t;
    if found then
        update harmony.job l set due_at = harmony.now() where l.job_id = p_job_id;
        perform harmony.record_action('run_now', p_job_id::text, null, 1, false);
        perform pg_notify('new_job', '');
        return 'due';
    end if;

    select l.state into v_state from harmony.job l where l.job_id = p_job_id;
    return case when v_state is null then 'not_found' else 'not_scheduled' end;
end
$$;

create function harmony.pause(p_scope text, p_name text, p_reason text default null, p_until timestamptz default null)
returns void
language sql
as $$
    insert into harmony.pause (scope, name, reason, paused_by, until)
    values (p_scope, p_name, p_reason, harmony.actor(), p_until)
    on conflict (scope, name) do update set
        reason = excluded.reason,
        paused_by = excluded.paused_by,
        paused_at = harmony.now(),
        until = excluded.until;
    select harmony.record_action(
        'pause', p_scope || ':' || p_name, jsonb_strip_nulls(jsonb_build_object('reason', p_reason, 'until', p_until)), 1, false);
$$;

create function harmony.resume(p_scope text, p_name text) returns boolean
language plpgsql
as $$
begin
    delete from harmony.pause p where p.scope = p_scope and p.name = p_name;
    if not found then
        return false;
    end if;
    perform harmony.record_action('resume', p_scope || ':' || p_name, null, 1, false);
    perform harmony.rescue(10000);
    perform pg_notify('new_job', '');
    return true;
end
$$;

-- Closes a provider for everybody until a time; a later time wins, an earlier one does not shorten it.
create function harmony.gate_block(p_provider text, p_wait interval, p_reason text) returns timestamptz
language sql
as $$
    insert into harmony.provider_gate (provider, state, blocked_until, reason, changed_at)
    values (p_provider, 'open', harmony.now() + p_wait, left(p_reason, 500), harmony.now())
    on conflict (provider) do update set
        state = 'open',
        blocked_until = greatest(provider_gate.blocked_until, excluded.blocked_until),
        reason = excluded.reason,
        changed_at = harmony.now()
    returning blocked_until
$$;

create function harmony.gate_reset(p_provider text) returns boolean
language plpgsql
as $$
begin
    update harmony.provider_gate g
    set
        state = 'closed',
        failures = 0,
        successes = 0,
        blocked_until = null,
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

-- The catalogue of the code, written at start. Kinds of another version stay: its jobs may still wait.
create function harmony.sync_kinds(p_kinds jsonb, p_rates jsonb) returns void
language sql
as $$
    insert into harmony.kind (
        kind, lane, providers, key_template, unique_until, max_retries, timeout, default_priority, operator_startable, synced_at)
    select
        k.kind,
        k.lane,
        coalesce(array(select jsonb_array_elements_text(k.providers)), '{}'),
        k.key_template,
        k.unique_until,
        k.max_retries,
        make_interval(secs => k.timeout_seconds),
        k.default_priority,
        k.operator_startable,
        harmony.now()
    from jsonb_to_recordset(p_kinds) as k (
        kind text, lane text, providers jsonb, key_template text, unique_until text, max_retries integer,
        timeout_seconds double precision, default_priority integer, operator_startable boolean)
    on conflict (kind) do update set
        lane = excluded.lane,
        providers = excluded.providers,
        key_template = excluded.key_template,
        unique_until = excluded.unique_until,
        max_retries = excluded.max_retries,
        timeout = excluded.timeout,
        default_priority = excluded.default_priority,
        operator_startable = excluded.operator_startable,
        synced_at = excluded.synced_at;

    insert into harmony.rate_window (lane, permits, window_length)
    select r.lane, r.permits, make_interval(secs => r.seconds)
    from jsonb_to_recordset(p_rates) as r (lane text, permits integer, seconds double precision)
    on conflict (lane) do update set
        permits = excluded.permits,
        window_length = excluded.window_length;
$$;

-- A server announces itself. All members of a fleet share one lease: a different one is refused while others live.
create function harmony.join_fleet(p_server text, p_lease_seconds integer, p_data jsonb) returns void
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
    values (p_server, p_data, harmony.now())
    on conflict (id) do update set data = excluded.data, lastheartbeat = excluded.lastheartbeat;
end
$$;

-- Says "alive"; a server somebody declared dead comes back under its own name.
create function harmony.heartbeat(p_server text, p_data jsonb) returns void
language sql
as $$
    insert into hangfire.server (id, data, lastheartbeat)
    values (p_server, p_data, harmony.now())
    on conflict (id) do update set lastheartbeat = excluded.lastheartbeat;
$$;

create function harmony.leave_fleet(p_server text) returns void
language sql
as $$
    delete from hangfire.server s where s.id = p_server
$$;

create function harmony.servers() returns table (
    id text, queues text, workers integer, started_at timestamptz, heartbeat timestamptz)
language sql stable
as $$
    select
        s.id,
        array_to_string(array(select jsonb_array_elements_text(s.data -> 'Queues')), ', '),
        (s.data ->> 'WorkerCount')::integer,
        harmony.state_time(s.data ->> 'StartedAt'),
        s.lastheartbeat
    from hangfire.server s
    order by s.id
$$;

-- Fires a slot once, however many processes ask.
create function harmony.fire(p_schedule text, p_slot timestamptz) returns bigint
language plpgsql
as $$
declare
    v_schedule harmony.schedule;
    v_job_id bigint;
begin
    insert into harmony.schedule_slot (schedule, slot) values (p_schedule, p_slot) on conflict do nothing;
    if not found then
        return null;
    end if;

    select s.* into v_schedule from harmony.schedule s where s.schedule = p_schedule and s.enabled;
    if not found then
        return null;
    end if;
    select e.job_id into v_job_id
    from harmony.enqueue(v_schedule.kind, v_schedule.args, null, null, 'schedule:' || p_schedule) e;
    update harmony.schedule_slot x set job_id = v_job_id where x.schedule = p_schedule and x.slot = p_slot;
    update harmony.job l set schedule = p_schedule where l.job_id = v_job_id and l.schedule is null;
    return v_job_id;
end
$$;

-- Hangfire's expiration and counter aggregation, for fleets without a genuine member. Counters are summed from what is
-- deleted in the same statement, so none is lost in between.
create function harmony.expire(p_limit integer) returns integer
language plpgsql
as $$
declare
    v_jobs integer;
begin
    with old as materialized (
        select h.id from hangfire.job h where h.expireat < harmony.now() limit p_limit for update skip locked
    )
    delete from hangfire.job h using old o where h.id = o.id;
    get diagnostics v_jobs = row_count;

    with gone as (
        delete from hangfire.counter c
        where c.id in (select x.id from hangfire.counter x limit p_limit * 10 for update skip locked)
        returning c.key, c.value, c.expireat
    )
    insert into hangfire.aggregatedcounter (key, value, expireat)
    select g.key, sum(g.value), max(g.expireat)
    from gone g
    group by g.key
    order by g.key
    on conflict (key) do update set
        value = aggregatedcounter.value + excluded.value,
        expireat = greatest(aggregatedcounter.expireat, excluded.expireat);
    delete from hangfire.aggregatedcounter a where a.expireat < harmony.now();
    delete from hangfire.set s where s.expireat < harmony.now();
    delete from hangfire.hash x where x.expireat < harmony.now();
    delete from hangfire.list x where x.expireat < harmony.now();
    delete from harmony.wake_signal w where w.woken_at < harmony.now() - interval '1 day';
    return v_jobs;
end
$$;

-- A test database can live in another hour; a real one cannot.
create function harmony.shift_clock(p_shift interval) returns void
language plpgsql
as $$
begin
    if current_database() not like 'harmony\_test%' then
        raise exception 'the clock of % cannot be shifted: it is not a test database', current_database();
    end if;
    update harmony.fleet set clock_shift = p_shift;
end
$$;
