-- Makes every job that is parked under the key due at once, in the transaction of the caller; returns how many there were.
-- A running job is not touched. The signal is kept in harmony.wake_signal: when that run then parks under the key, finish_later in
-- finish/finish_many.sql finds a signal that is newer than the run and than the last one the job has seen, and makes the job due at once. A run
-- that ends in another way ignores it.
-- "Newer than the run" allows one minute: the reason for a wake may have been committed while the run was being started.
-- Locks, in this order: an advisory lock per key, which finish_many takes too; the row of wake_signal; the timers of the parked jobs, as
-- operate/run_now.sql and operate/move_job.sql do; their ledger rows. The timers become tickets, and one NOTIFY is sent.

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

    with timers as (
        delete from hangfire.set s
        using harmony.job l
        where l.wake_key = p_key
            and l.state = 'Scheduled'
            and s.key = 'schedule'
            and s.value = l.queue || ':' || l.job_id
        returning l.job_id, l.queue
    )
    insert into hangfire.jobqueue (jobid, queue)
    select t.job_id, t.queue
    from timers t;
    get diagnostics v_woken = row_count;

    update harmony.job l
    set
        wake_key = null,
        wake_seen = v_now,
        due_at = v_now
    where l.wake_key = p_key
        and l.state = 'Scheduled';

    if v_woken > 0 then
        perform pg_notify('new_job', '');
    end if;
    return v_woken;
end
$$;
