-- Writes the catalogue of the code, kinds and rate windows. Kinds of another version stay, because their jobs may still wait. The jobs of a
-- kind that has changed its lane go there.
-- Locks, in this order: rows of harmony.kind, rows of harmony.rate_window; where a lane changed, rows of harmony.job and those of
-- operate/follow_queue.sql.

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

-- The jobs of a kind that can still run go to the lane the kind has now.
create or replace function harmony.follow_lane(p_kind text) returns integer
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
