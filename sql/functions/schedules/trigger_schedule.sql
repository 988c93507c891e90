-- An operator's "now": starts the schedule's job at once, also while it is paused, and leaves the slots of the clock alone. Null: no such
-- schedule. Locks: those of enqueue/enqueue.sql. The call is recorded.

create or replace function harmony.trigger_schedule(p_schedule text) returns bigint
language plpgsql
as $$
declare
    v_schedule harmony.schedule;
    v_slot timestamptz := harmony.now();
begin
    select s.* into v_schedule from harmony.schedule s where s.schedule = p_schedule;
    if not found then
        return null;
    end if;
    insert into harmony.schedule_slot (schedule, slot, outcome) values (p_schedule, v_slot, 'by_hand');
    perform harmony.record_action('trigger', 'schedule:' || p_schedule, null, 1, false);
    return harmony.start_schedule(v_schedule, v_slot, null, harmony.actor());
end
$$;
