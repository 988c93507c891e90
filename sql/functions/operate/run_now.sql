-- A job that waits for its time is due now. Answers: due, not_scheduled, not_found.
-- Locks: its timer in hangfire.set, then its ledger row. The call is recorded.

create or replace function harmony.run_now(p_job_id bigint) returns text
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
