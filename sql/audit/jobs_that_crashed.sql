-- Runs that ended without a word (their process died, or it lost its lease): on which server, and who took the job over. psql -v since='7 days' -f sql/audit/jobs_that_crashed.sql
select
    run.at as started_at,
    e.at as noticed_at,
    e.job_id,
    l.kind,
    run.worker as crashed_on,
    server.heartbeat as server_seen_at,
    case when e.to_state = 'Processing' then 'started again on ' || coalesce(e.worker, 'an unnamed server') else e.reason end as what_then,
    l.state as state_now
from harmony.job_event e
cross join lateral (
    select
        b.at,
        b.to_state,
        b.worker
    from harmony.job_event b
    where b.job_id = e.job_id
        and b.event_id < e.event_id
    order by b.event_id desc
    limit 1
) run
left join harmony.job l on l.job_id = e.job_id
left join harmony.servers() server on server.id = run.worker
where run.to_state = 'Processing'
    and (e.to_state = 'Processing' or e.data ->> 'ReasonCode' = 'crash_loop')
    and e.at > (select harmony.now()) - interval :'since'
order by e.at desc, e.event_id desc;
