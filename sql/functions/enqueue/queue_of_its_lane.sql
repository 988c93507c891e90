-- A client that names no queue puts a job of ours into 'default', where no worker of ours looks: its ticket goes to the queue of its lane,
-- and so does every later one, as invocationdata says the queue. Only tickets of 'default' pay for this trigger.
-- Locks: the job's row in hangfire.job.

create or replace function harmony.queue_of_its_lane() returns trigger
language plpgsql
as $$
declare
    v_queue text;
begin
    select l.queue into v_queue from harmony.job l where l.job_id = new.jobid and l.lane is not null;
    if v_queue is not null then
        new.queue := v_queue;
        update hangfire.job h
        set invocationdata = h.invocationdata || jsonb_build_object('Queue', v_queue)
        where h.id = new.jobid
            and h.invocationdata ->> 'Queue' is distinct from v_queue;
        perform pg_notify('new_job', '');
    end if;
    return new;
end
$$;
