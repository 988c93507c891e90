-- What uniqueness did per day and kind, as far as rows tell: forced jobs, jobs given up for a live twin, slots that met one (a refused enqueue leaves no row). psql -v since='7 days' -f sql/audit/duplicates_per_day.sql
with seen as (
    select
        l.created_at as at,
        l.kind,
        'forced' as what
    from harmony.job l
    where l.forced
    union all
    select
        e.at,
        l.kind,
        'superseded'
    from harmony.job_event e
    join harmony.job l on l.job_id = e.job_id
    where e.to_state = 'Deleted'
        and e.data ->> 'ReasonCode' = 'superseded'
    union all
    select
        x.fired_at,
        l.kind,
        'slot met a twin'
    from harmony.schedule_slot x
    join harmony.job l on l.job_id = x.job_id
    where l.created_at < x.fired_at
)
select
    date_trunc('day', s.at)::date as day,
    s.kind,
    count(*) filter (where s.what = 'forced') as forced,
    count(*) filter (where s.what = 'superseded') as superseded,
    count(*) filter (where s.what = 'slot met a twin') as slots_that_met_a_twin
from seen s
where s.at > (select harmony.now()) - interval :'since'
group by 1, 2
order by 1 desc, 2;
