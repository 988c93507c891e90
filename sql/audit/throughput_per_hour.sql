-- What came in and what got done per hour and kind: enqueued or requeued, started, and how the runs ended. psql -v since='24 hours' -f sql/audit/throughput_per_hour.sql
select
    date_trunc('hour', e.at) as hour,
    coalesce(l.kind, 'unknown') as kind,
    count(*) filter (where e.from_state is null
        or (e.from_state in ('Succeeded', 'Failed', 'Deleted') and e.to_state = 'Enqueued')) as came_in,
    count(*) filter (where e.to_state = 'Processing') as started,
    count(*) filter (where e.to_state = 'Succeeded') as succeeded,
    count(*) filter (where e.to_state = 'Failed') as failed,
    count(*) filter (where e.to_state = 'Scheduled' and e.reason like 'Retry attempt %') as retried,
    count(*) filter (where e.to_state = 'Scheduled' and e.reason like any (array['Snoozed: %', 'Parked: %'])) as put_off,
    count(*) filter (where e.to_state = 'Enqueued' and e.from_state = 'Processing') as returned,
    count(*) filter (where e.to_state = 'Deleted') as deleted
from harmony.job_event e
left join harmony.job l on l.job_id = e.job_id
where e.at > (select harmony.now()) - interval :'since'
group by 1, 2
order by 1 desc, 2;
