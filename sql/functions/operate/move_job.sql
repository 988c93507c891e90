-- Moves one job to another state for an operator: true when moved, false when it is in none of the states p_from, null when a worker or a
-- click is at it at this moment.
-- Locks, in this order: its lock row; its tickets, by skip locked, giving up where one is held; its row in hangfire.job; its timers; its
-- ledger row, by the trigger in ledger/follow_state.sql.

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

-- Takes waiting tickets, timers and retry marks of a job away, whatever state it is in.
create or replace function harmony.clear_waiting(p_job_id bigint) returns void
language sql
as $$
    delete from hangfire.jobqueue q where q.jobid = p_job_id;
    delete from hangfire.set s
    using harmony.job l
    where l.job_id = p_job_id
        and ((s.key = 'schedule' and s.value in (p_job_id::text, l.queue || ':' || p_job_id))
            or (s.key = 'retries' and s.value = p_job_id::text));
$$;

-- A fetch locks the ticket before the job; an operator's move has locked the job's lock row already. Waiting for the ticket could end in a
-- deadlock, so it is not waited for. False: a worker is at the ticket at this moment.
create or replace function harmony.holds_tickets(p_job_id bigint) returns boolean
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
