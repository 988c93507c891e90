-- A ticket whose lease ran out (fetched longer ago than harmony.fleet.lease_seconds, and not renewed) waits again. Its job stays Processing
-- until the next fetch starts it anew. That start writes a new fence: the earlier run can write nothing from then on (run/hold.sql), and
-- its outcome is answered with lost (finish/finish_many.sql). No attempt is spent; the third start in a row happens alone, and after it the
-- job is a dead letter (crash_loop). Tickets of foreign jobs are left alone. What need not be parked any longer comes back, too.
-- Locks: tickets, by skip locked, never waiting; then those of gates/unpark.sql; one NOTIFY.

create or replace function harmony.rescue(p_limit integer) returns integer
language plpgsql
as $$
declare
    v_lease interval;
    v_rescued integer;
begin
    select make_interval(secs => f.lease_seconds) into v_lease from harmony.fleet f;

    with expired as materialized (
        select q.id
        from hangfire.jobqueue q
        join harmony.job l on l.job_id = q.jobid
        where q.fetchedat < harmony.now() - v_lease
            and l.lane is not null
        limit p_limit
        for update of q skip locked
    )
    update hangfire.jobqueue q
    set fetchedat = null
    from expired e
    where q.id = e.id;
    get diagnostics v_rescued = row_count;

    if v_rescued > 0 then
        perform pg_notify('new_job', '');
    end if;
    perform harmony.unpark(p_limit);
    return v_rescued;
end
$$;
