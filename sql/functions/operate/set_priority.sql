-- Gives a job that can still run another priority; its ticket or timer moves to the queue of that priority. Answers: changed, busy,
-- already_ended, not_found.
-- Locks, in this order: its lock row; its tickets, by skip locked, giving up where one is held; its ledger row; its timer; its row in
-- hangfire.job. The call is recorded.

create or replace function harmony.set_priority(p_job_id bigint, p_priority integer) returns text
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
