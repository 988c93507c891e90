-- What one actor did, newest first: operator actions, jobs asked for, jobs moved (the last 500). psql -v actor=ann -v since='30 days' -f sql/audit/what_an_actor_did.sql
select
    done.at,
    done.what,
    done.target,
    done.detail
from (
    select
        a.at,
        a.action || case when a.dry_run then ' (dry run)' else '' end as what,
        a.target,
        concat_ws(' ', a.affected || ' affected', nullif(a.detail::text, '{}')) as detail
    from harmony.operator_action a
    where a.actor = :'actor'
    union all
    select
        l.created_at,
        'enqueued',
        'job ' || l.job_id,
        l.kind || ' ' || left(l.args::text, 200)
    from harmony.job l
    where l.requested_by = :'actor'
    union all
    select
        e.at,
        e.from_state || ' -> ' || e.to_state,
        'job ' || e.job_id,
        e.reason
    from harmony.job_event e
    where e.actor = :'actor'
        and e.from_state is not null
) done
where done.at > (select harmony.now()) - interval :'since'
order by done.at desc, done.what
limit 500;
