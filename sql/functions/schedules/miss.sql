-- Notes slots that passed while no process could fire them, and that the misfire policy does not make up for. Locks: waits for another
-- transaction that inserts the same slot.

create or replace function harmony.miss(p_schedule text, p_slots timestamptz[]) returns void
language sql
as $$
    insert into harmony.schedule_slot (schedule, slot, outcome)
    select p_schedule, s.slot, 'missed'
    from unnest(p_slots) as s (slot)
    order by s.slot
    on conflict do nothing
$$;
