-- Timers whose time has come become tickets, as Hangfire's delayed scheduler does; returns how many.
-- Locks: rows of hangfire.set, by skip locked, never waiting. A timer without a queue is of a client that named none: its job changes its
-- state to Enqueued, so its lock row and its row in hangfire.job are locked, too. Then one NOTIFY.

create or replace function harmony.release_due(p_limit integer) returns integer
language plpgsql
as $$
declare
    v_released integer;
    v_job bigint;
begin
    with due as materialized (
        select s.id
        from hangfire.set s
        where s.key = 'schedule'
            and s.score <= extract(epoch from harmony.now())
            and s.value ~ '^[a-z0-9_-]+:[0-9]{1,18}$'
        order by s.score
        limit p_limit
        for update skip locked
    ),
    gone as (
        delete from hangfire.set s
        using due d
        where s.id = d.id
        returning s.value
    )
    insert into hangfire.jobqueue (jobid, queue)
    select split_part(g.value, ':', 2)::bigint, split_part(g.value, ':', 1)
    from gone g;
    get diagnostics v_released = row_count;

    for v_job in
        select s.value::bigint
        from hangfire.set s
        where s.key = 'schedule'
            and s.score <= extract(epoch from harmony.now())
            and s.value ~ '^[0-9]{1,18}$'
        order by s.score
        limit p_limit
    loop
        if harmony.enqueue_timer(v_job) then
            v_released := v_released + 1;
        end if;
    end loop;

    if v_released > 0 then
        perform pg_notify('new_job', '');
    end if;
    return v_released;
end
$$;

-- Moves one scheduled job without a queue on; false when another process or a click has it.
create or replace function harmony.enqueue_timer(p_job_id bigint) returns boolean
language plpgsql
as $$
declare
    v_locked bigint[] := harmony.lock_jobs(array[p_job_id]);
    v_queue text;
    v_state text;
begin
    if cardinality(v_locked) = 0 then
        return false;
    end if;
    delete from hangfire.set s where s.key = 'schedule' and s.value = p_job_id::text;
    if found then
        select h.statename, coalesce(l.queue, h.invocationdata ->> 'Queue', 'default')
        into v_state, v_queue
        from hangfire.job h
        left join harmony.job l on l.job_id = h.id
        where h.id = p_job_id
        for update of h;
    end if;
    if v_state = 'Scheduled' then
        perform harmony.write_states(
            array[p_job_id], 'Enqueued', array['Its time has come'],
            array[jsonb_build_object('EnqueuedAt', harmony.millis(harmony.now()), 'Queue', v_queue)], null);
        insert into hangfire.jobqueue (jobid, queue) values (p_job_id, v_queue);
    end if;
    perform harmony.unlock_jobs(v_locked);
    return v_state is not distinct from 'Scheduled';
end
$$;
