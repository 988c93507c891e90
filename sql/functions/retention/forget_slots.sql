-- Deletes slots of schedules before the kept time, up to p_limit. Locks: rows of harmony.schedule_slot.

create or replace function harmony.forget_slots(p_keep interval, p_limit integer) returns integer
language plpgsql
as $$
declare
    v_gone integer;
begin
    with old as materialized (
        select x.schedule, x.slot
        from harmony.schedule_slot x
        where x.slot < harmony.now() - p_keep
        order by x.slot
        limit p_limit
    )
    delete from harmony.schedule_slot x using old o where x.schedule = o.schedule and x.slot = o.slot;
    get diagnostics v_gone = row_count;
    return v_gone;
end
$$;
