-- Jobs that have been running, or due and not started, for longer than a time, with where their ticket lies and whether their worker lives. psql -v longer='30 minutes' -f sql/audit/jobs_stuck.sql
select
    l.job_id,
    l.kind,
    l.lane,
    l.state,
    since.at as since,
    date_trunc('second', harmony.now() - since.at) as for_how_long,
    coalesce(ticket.queue, 'none') as ticket_in,
    ticket.fetched_at as lease_renewed_at,
    since.worker,
    server.heartbeat as worker_seen_at,
    l.attempts,
    l.progress_line,
    left(l.last_error, 120) as last_error
from harmony.job l
cross join lateral (
    select
        case when l.state = 'Processing' then l.started_at else l.due_at end as at,
        case when l.state = 'Processing' then l.worker end as worker
) since
left join lateral (
    select
        q.queue,
        q.fetched_at
    from harmony.tickets() q
    where q.job_id = l.job_id
    order by q.ticket_id
    limit 1
) ticket on true
left join harmony.servers() server on server.id = since.worker
where l.state in ('Processing', 'Enqueued', 'Scheduled')
    and since.at < (select harmony.now()) - interval :'longer'
order by since.at, l.job_id;
