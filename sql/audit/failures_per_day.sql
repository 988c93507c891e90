-- Failed runs per day, kind and reason (the reason code, otherwise the type of the exception), retried or not. psql -v since='7 days' -f sql/audit/failures_per_day.sql
select
    date_trunc('day', e.at)::date as day,
    coalesce(l.kind, 'unknown') as kind,
    coalesce(e.data ->> 'ReasonCode', e.data ->> 'ExceptionType', 'unknown') as reason,
    count(*) as failed_runs,
    count(distinct e.job_id) as jobs,
    (array_agg(left(e.error, 120) order by e.event_id desc))[1] as newest_error
from harmony.job_event e
left join harmony.job l on l.job_id = e.job_id
where e.to_state = 'Failed'
    and e.at > (select harmony.now()) - interval :'since'
group by 1, 2, 3
order by 1 desc, 4 desc, 2, 3;
