-- Makes every job parked under the key due at once, in the caller's transaction. The signal stays, so that a job
-- that was still running when it was sent, and parks afterwards, is due at once too.
create or replace function harmony.wake(p_key text) returns integer
language plpgsql
as $$
declare
    v_now timestamptz := harmony.now();
    v_woken integer;
begin
    perform pg_advisory_xact_lock(hashtextextended('harmony.wake:' || p_key, 0));

    insert into harmony.wake_signal (key, woken_at)
    values (p_key, v_now)
    on conflict (key) do update set woken_at = excluded.woken_at;

    with parked as (
        update harmony.job l
        set
            wake_key = null,
            wake_seen = v_now,
            due_at = v_now
        where l.wake_key = p_key
            and l.state = 'Scheduled'
        returning l.job_id, l.queue
    ),
    timers as (
        delete from hangfire.set s
        using parked p
        where s.key = 'schedule'
            and s.value = p.queue || ':' || p.job_id
        returning p.job_id, p.queue
    )
    insert into hangfire.jobqueue (jobid, queue)
    select t.job_id, t.queue
    from timers t;

    get diagnostics v_woken = row_count;
    if v_woken > 0 then
        perform pg_notify('new_job', '');
    end if;
    return v_woken;
end
$$;
