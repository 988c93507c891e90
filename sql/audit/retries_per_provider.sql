-- Runs and retries of the kinds that call each provider, what they failed with most often, and its gate now. psql -v since='24 hours' -f sql/audit/retries_per_provider.sql
select
    p.provider,
    l.kind,
    count(*) filter (where e.to_state = 'Processing') as runs,
    count(*) filter (where retry.error is not null) as retries,
    count(distinct e.job_id) filter (where retry.error is not null) as jobs_retried,
    mode() within group (order by retry.error) as most_common_error,
    coalesce(g.state, 'closed') as gate,
    g.blocked_until as gate_until
from harmony.job_event e
join harmony.job l on l.job_id = e.job_id
join harmony.kind k on k.kind = l.kind
cross join lateral (
    select unnest(case when k.providers = '{}' then array['none'] else k.providers end) as provider
) p
cross join lateral (
    select
        case when e.to_state = 'Scheduled'
            then substring(e.reason from '^Retry attempt [0-9]+ of [0-9]+: (.*)') end as error
) retry
-- An open gate stops nobody once its time is over, and nothing writes that down.
left join harmony.provider_gate g
    on g.provider = p.provider
    and g.blocked_until > (select harmony.now())
where e.to_state in ('Processing', 'Scheduled')
    and e.at > (select harmony.now()) - interval :'since'
group by p.provider, l.kind, g.state, g.blocked_until
order by 4 desc, 1, 2;
