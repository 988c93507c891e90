-- Run times per kind as percentiles beside the kind's timeout, over all endings but crashes. psql -v since='7 days' -f sql/audit/run_times_by_kind.sql
select
    l.kind,
    count(*) as runs,
    round((percentile_cont(0.5) within group (order by e.duration_ms))::numeric) as p50_ms,
    round((percentile_cont(0.9) within group (order by e.duration_ms))::numeric) as p90_ms,
    round((percentile_cont(0.99) within group (order by e.duration_ms))::numeric) as p99_ms,
    max(e.duration_ms) as longest_ms,
    (extract(epoch from k.timeout) * 1000)::bigint as timeout_ms,
    count(*) filter (where e.data ->> 'ReasonCode' = 'timeout') as timeouts
from harmony.job_event e
join harmony.job l on l.job_id = e.job_id
left join harmony.kind k on k.kind = l.kind
where e.from_state = 'Processing'
    and e.duration_ms is not null
    -- Died with its process, or the second of the two rows that Hangfire's own worker writes for a retry.
    and e.to_state <> 'Processing'
    and e.data ->> 'ReasonCode' is distinct from 'crash_loop'
    and (e.to_state = 'Scheduled' and e.reason like 'Retry attempt %') is not true
    and e.at > (select harmony.now()) - interval :'since'
group by l.kind, k.timeout
order by 5 desc, 1;
