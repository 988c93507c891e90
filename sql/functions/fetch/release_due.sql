-- Timers whose time has come become tickets, as Hangfire's delayed scheduler does; returns how many.
-- Locks: rows of hangfire.set, by skip locked, never waiting; then one NOTIFY.

create or replace function harmony.release_due(p_limit integer) returns integer
language plpgsql
as $$
declare
    v_released integer;
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
    if v_released > 0 then
        perform pg_notify('new_job', '');
    end if;
    return v_released;
end
$$;
