-- The last slot of the clock that was dealt with; null before the first one. Takes no lock.

create or replace function harmony.last_slot(p_schedule text) returns timestamptz
language sql stable
as $$
    select x.slot
    from harmony.schedule_slot x
    where x.schedule = p_schedule
        and x.outcome <> 'by_hand'
    order by x.slot desc
    limit 1
$$;
