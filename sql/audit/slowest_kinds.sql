-- The slowest kinds of the last 24 hours: runs, median and 95th percentile of their time.
select
    l.kind,
    count(*) as runs,
    round((percentile_cont(0.5) within group (order by e.duration_ms))::numeric) as p50_ms,
    round((percentile_cont(0.95) within group (order by e.duration_ms))::numeric) as p95_ms
from harmony.job_event e
join harmony.job l on l.job_id = e.job_id
where e.from_state = 'Processing'
    -- A run that died was noticed when its lease ran out: that time says nothing about the job.
    and e.to_state <> 'Processing'
    and e.data ->> 'ReasonCode' is distinct from 'crash_loop'
    and e.at > (select harmony.now()) - interval '24 hours'
group by 1
order by 4 desc, 1;
