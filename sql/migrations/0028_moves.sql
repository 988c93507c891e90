-- What moves a job that waits: a requeue that finds it locked leaves nothing behind, a kind that changes its lane takes
-- its jobs along, and a single job can be given another priority.

-- A fetch locks the ticket first and the job second, whoever finishes a job the other way round: waiting for either could
-- end in a deadlock, so nobody waits. False: a worker is at the ticket at this moment.
create function harmony.holds_tickets(p_job_id bigint) returns boolean
language plpgsql
as $$
declare
    v_held bigint[];
begin
    select array_agg(t.id) into v_held
    from (select q.id from hangfire.jobqueue q where q.jobid = p_job_id for update skip locked) t;
    return not exists (
        select from hangfire.jobqueue q where q.jobid = p_job_id and q.id <> all (coalesce(v_held, '{}')));
end
$$;

-- One job to another state by an operator's hand; null when a worker or a click holds its lock at this moment.
create or replace function harmony.move_job(
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
    if not harmony.holds_tickets(p_job_id) then
        perform harmony.unlock_jobs(v_locked);
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

-- Requeue by filter: full attempt budget again; the unique key is taken again, a live twin wins.
create or replace function harmony.requeue(
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
        else
            -- It is still a dead letter: it must not stand in the way of its successors.
            update harmony.job l set claim = null where l.job_id = v_id and l.state = 'Failed';
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

-- Writes the ledger's queue where Hangfire keeps it: ticket, timer, and the job's own field.
create function harmony.follow_queue(p_job_ids bigint[], p_was text[], p_queues text[]) returns void
language sql
as $$
    update hangfire.jobqueue q
    set queue = m.queue
    from unnest(p_job_ids, p_was, p_queues) as m (job_id, was, queue)
    where q.jobid = m.job_id
        and q.queue = m.was;

    update hangfire.set s
    set value = m.queue || ':' || m.job_id
    from unnest(p_job_ids, p_was, p_queues) as m (job_id, was, queue)
    where s.key = 'schedule'
        and s.value = m.was || ':' || m.job_id;

    update hangfire.job h
    set invocationdata = h.invocationdata || jsonb_build_object('Queue', m.queue)
    from unnest(p_job_ids, p_was, p_queues) as m (job_id, was, queue)
    where h.id = m.job_id;
$$;

-- The jobs of a kind that can still run go to the lane the kind has now.
create function harmony.follow_lane(p_kind text) returns integer
language plpgsql
as $$
declare
    v_jobs bigint[];
    v_was text[];
    v_queues text[];
begin
    with moved as (
        update harmony.job l
        set
            lane = k.lane,
            queue = harmony.queue_of(k.lane, l.priority, k.default_priority)
        from harmony.job o
        join harmony.kind k on k.kind = o.kind
        where o.kind = p_kind
            and o.state in ('Enqueued', 'Scheduled', 'Processing', 'Failed')
            and o.lane <> k.lane
            and l.job_id = o.job_id
        returning l.job_id, o.queue as was, l.queue
    )
    select array_agg(m.job_id), array_agg(m.was), array_agg(m.queue)
    into v_jobs, v_was, v_queues
    from moved m;
    perform harmony.follow_queue(v_jobs, v_was, v_queues);
    return coalesce(cardinality(v_jobs), 0);
end
$$;

-- The catalogue of the code, written at start. Kinds of another version stay: its jobs may still wait.
create or replace function harmony.sync_kinds(p_kinds jsonb, p_rates jsonb) returns void
language plpgsql
as $$
declare
    v_kind text;
begin
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

    -- A lane of this catalogue that has lost its rate is free again.
    delete from harmony.rate_window w
    where w.lane in (select k.lane from jsonb_to_recordset(p_kinds) as k (lane text))
        and w.lane not in (select r.lane from jsonb_to_recordset(p_rates) as r (lane text));

    for v_kind in
        select distinct l.kind
        from harmony.job l
        join harmony.kind k on k.kind = l.kind
        where l.state in ('Enqueued', 'Scheduled', 'Processing', 'Failed')
            and l.lane <> k.lane
    loop
        perform harmony.follow_lane(v_kind);
    end loop;
end
$$;

-- Another priority for a job that can still run; its ticket or timer moves with it.
create function harmony.set_priority(p_job_id bigint, p_priority integer) returns text
language plpgsql
as $$
declare
    v_locked bigint[];
    v_job harmony.job;
    v_queue text;
begin
    v_locked := harmony.lock_jobs(array[p_job_id]);
    if cardinality(v_locked) = 0 then
        return 'busy';
    end if;
    if not harmony.holds_tickets(p_job_id) then
        perform harmony.unlock_jobs(v_locked);
        return 'busy';
    end if;

    select l.* into v_job from harmony.job l where l.job_id = p_job_id for update;
    if v_job.job_id is null or v_job.state not in ('Enqueued', 'Scheduled', 'Processing', 'Failed') then
        perform harmony.unlock_jobs(v_locked);
        return case when v_job.job_id is null then 'not_found' else 'already_ended' end;
    end if;

    select harmony.queue_of(v_job.lane, p_priority, k.default_priority) into v_queue
    from harmony.kind k
    where k.kind = v_job.kind;
    v_queue := coalesce(v_queue, v_job.queue);
    update harmony.job l
    set
        priority = p_priority,
        queue = v_queue
    where l.job_id = p_job_id;
    if v_queue <> v_job.queue then
        perform harmony.follow_queue(array[p_job_id], array[v_job.queue], array[v_queue]);
    end if;
    perform harmony.unlock_jobs(v_locked);
    perform harmony.record_action(
        'set_priority', p_job_id::text, jsonb_build_object('from', v_job.priority, 'to', p_priority), 1, false);
    return 'changed';
end
$$;
