-- How long due jobs waited for a worker, per lane and hour, as percentiles; a job woken before its time counts as not measured. psql -v since='24 hours' -f sql/audit/waits_per_hour.sql
with starts as (
    select
        e.at,
        coalesce(l.lane, 'none') as lane,
        case before.to_state
            when 'Enqueued' then before.at
            else harmony.state_time(before.data ->> 'EnqueueAt')
        end as due
    from harmony.job_event e
    join harmony.job l on l.job_id = e.job_id
    cross join lateral (
        select
            b.to_state,
            b.at,
            b.data
        from harmony.job_event b
        where b.job_id = e.job_id
            and b.event_id < e.event_id
        order by b.event_id desc
        limit 1
    ) before
    where e.to_state = 'Processing'
        and before.to_state in ('Enqueued', 'Scheduled')
        and e.at > (select harmony.now()) - interval :'since'
),
waits as (
    select
        s.at,
        s.lane,
        case when s.at >= s.due then extract(epoch from s.at - s.due) * 1000 end as wait_ms
    from starts s
)
select
    date_trunc('hour', w.at) as hour,
    w.lane,
    count(*) as starts,
    count(*) filter (where w.wait_ms is null) as not_measured,
    round((percentile_cont(0.5) within group (order by w.wait_ms))::numeric) as p50_ms,
    round((percentile_cont(0.9) within group (order by w.wait_ms))::numeric) as p90_ms,
    round((percentile_cont(0.99) within group (order by w.wait_ms))::numeric) as p99_ms,
    round(max(w.wait_ms)) as longest_ms
from waits w
group by 1, 2
order by 1 desc, 2;
