-- Slots of schedules that were missed, met a pause or fired more than a minute late, per day, and schedules that nobody fires though their next slot is past. psql -v since='7 days' -f sql/audit/schedule_slots_missed.sql
with slots as (
    select
        x.schedule,
        x.slot,
        x.fired_at,
        case
            when x.outcome in ('missed', 'paused') then x.outcome
            when x.outcome = 'fired' and x.fired_at > x.slot + interval '1 minute' then 'fired late'
        end as what
    from harmony.schedule_slot x
    where x.slot > (select harmony.now()) - interval :'since'
),
found as (
    select
        s.schedule,
        date_trunc('day', s.slot)::date as day,
        s.what,
        count(*) as slots,
        min(s.slot) as first_slot,
        max(s.slot) as last_slot,
        max(s.fired_at) as noted_at
    from slots s
    where s.what is not null
    group by 1, 2, 3
    union all
    select
        s.schedule,
        date_trunc('day', s.next_at)::date,
        'overdue',
        null,
        s.next_at,
        null,
        null
    from harmony.schedule s
    where s.enabled
        and s.next_at < (select harmony.now()) - interval '1 minute'
)
select
    f.day,
    f.schedule,
    s.kind,
    s.expression,
    s.misfire,
    f.what,
    f.slots,
    f.first_slot,
    f.last_slot,
    f.noted_at
from found f
left join harmony.schedule s on s.schedule = f.schedule
order by f.day desc, f.schedule, f.what;
