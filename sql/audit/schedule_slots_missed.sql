-- Slots that no process fired, or that came while the schedule was switched off, for schedules of a fixed interval ("every 60 s"). psql -v since='7 days' -f sql/audit/schedule_slots_missed.sql
with schedules as (
    select
        s.schedule,
        s.kind,
        s.expression,
        s.synced_at,
        substring(s.expression from '^every ([0-9]{1,9}) ?s$')::numeric as step
    from harmony.schedule s
),
slots as (
    select
        x.schedule,
        x.slot,
        x.job_id,
        lead(x.slot) over (partition by x.schedule order by x.slot) as next_slot
    from harmony.schedule_slot x
),
holes as (
    select
        x.schedule,
        'not fired' as what,
        x.slot as fired_before,
        x.next_slot as fired_after,
        -- Nothing fired since: the slot that lasts now still may.
        case
            when x.next_slot is null then floor(extract(epoch from clock.now - x.slot) / s.step)
            else round(extract(epoch from x.next_slot - x.slot) / s.step)
        end - 1 as slots
    from slots x
    join schedules s on s.schedule = x.schedule
    cross join (select harmony.now() as now) clock
    where s.step > 0
        and coalesce(x.next_slot, clock.now) > clock.now - interval :'since'
    union all
    select
        x.schedule,
        'switched off',
        min(x.slot),
        max(x.slot),
        count(*)
    from slots x
    where x.job_id is null
        and x.slot > (select harmony.now()) - interval :'since'
    group by 1
    union all
    select
        s.schedule,
        'never fired',
        null,
        null,
        floor(extract(epoch from harmony.now() - s.synced_at) / s.step)
    from schedules s
    where s.step > 0
        and not exists (select from harmony.schedule_slot x where x.schedule = s.schedule)
)
select
    s.schedule,
    s.kind,
    s.expression,
    h.what,
    h.fired_before,
    h.fired_after,
    h.slots::bigint as slots,
    s.synced_at as last_configured_at
from holes h
join schedules s on s.schedule = h.schedule
where h.slots > 0
order by s.schedule, h.fired_before;
