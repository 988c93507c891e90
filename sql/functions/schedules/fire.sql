-- Fires a slot of a schedule once, however many processes ask: the row (schedule, slot) decides. The job is due at the slot plus p_delay.
-- Returns its id; null when the slot was fired before, or when the schedule is paused or switched off, which is noted with the slot.
-- Locks: waits for another transaction that inserts the same slot; then those of enqueue/enqueue.sql.

create or replace function harmony.fire(p_schedule text, p_slot timestamptz, p_delay interval default '0') returns bigint
language plpgsql
as $$
declare
    v_schedule harmony.schedule;
    v_job_id bigint;
begin
    insert into harmony.schedule_slot (schedule, slot) values (p_schedule, p_slot) on conflict do nothing;
    if not found then
        return null;
    end if;

    select s.* into v_schedule from harmony.schedule s where s.schedule = p_schedule;
    if not found
        or not v_schedule.enabled
        or exists (
            select from harmony.pause p
            where p.scope = 'schedule' and p.name = p_schedule and (p.until is null or p.until > harmony.now()))
    then
        update harmony.schedule_slot x set outcome = 'paused' where x.schedule = p_schedule and x.slot = p_slot;
        return null;
    end if;
    v_job_id := harmony.start_schedule(v_schedule, p_slot, p_slot + p_delay, 'schedule:' || p_schedule);
    return v_job_id;
end
$$;

-- Enqueues the job of a schedule and notes it with the slot.
create or replace function harmony.start_schedule(p_schedule harmony.schedule, p_slot timestamptz, p_due timestamptz, p_by text) returns bigint
language plpgsql
as $$
declare
    v_job_id bigint;
begin
    select e.job_id into v_job_id from harmony.enqueue(p_schedule.kind, p_schedule.args, null, p_due, p_by) e;
    update harmony.schedule_slot x set job_id = v_job_id where x.schedule = p_schedule.schedule and x.slot = p_slot;
    update harmony.job l set schedule = p_schedule.schedule where l.job_id = v_job_id and l.schedule is null;
    return v_job_id;
end
$$;
