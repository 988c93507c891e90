-- Dead letters per day and reason, also those requeued or purged since, with the newest message. psql -v since='30 days' -f sql/audit/dead_letters_per_day.sql
select
    date_trunc('day', e.at)::date as day,
    coalesce(e.data ->> 'ReasonCode', 'failed') as reason_code,
    count(*) as dead_letters,
    count(distinct e.job_id) as jobs,
    count(*) filter (where l.state = 'Failed' and l.state_id = e.state_id) as still_dead,
    (array_agg(left(e.error, 120) order by e.event_id desc))[1] as newest_error
from harmony.job_event e
left join harmony.job l on l.job_id = e.job_id
left join lateral (
    select
        n.to_state,
        n.reason
    from harmony.job_event n
    where n.job_id = e.job_id
        and n.event_id > e.event_id
    order by n.event_id
    limit 1
) next on true
where e.to_state = 'Failed'
    -- A failed row with a retry ahead is no dead letter.
    and (next.to_state = 'Scheduled' and next.reason like 'Retry attempt %') is not true
    and e.at > (select harmony.now()) - interval :'since'
group by 1, 2
order by 1 desc, 3 desc, 2;
