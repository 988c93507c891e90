-- The self-check: jobs that are lost, or about which two tables disagree; on a healthy system it returns no row.
with tickets as materialized (
    select
        q.job_id,
        q.queue
    from harmony.tickets() q
),
timers as materialized (
    select t.job_id
    from harmony.timers() t
),
both_sides as materialized (
    select
        coalesce(l.job_id, h.job_id) as job_id,
        l.kind,
        l.lane,
        l.claim,
        l.state as ledger_state,
        l.state_id as ledger_state_id,
        h.state as hangfire_state,
        h.state_id as hangfire_state_id,
        l.job_id is not null as in_ledger,
        h.job_id is not null as in_hangfire
    from harmony.job l
    full join harmony.stored_jobs() h on h.job_id = l.job_id
),
problems as (
    select
        'the ledger does not have the job''s state' as problem,
        b.job_id
    from both_sides b
    where b.in_hangfire
        and b.hangfire_state is not null
        and (b.ledger_state, b.ledger_state_id) is distinct from (b.hangfire_state, b.hangfire_state_id)
    union all
    select
        'the job is not ended, but Hangfire does not have it',
        b.job_id
    from both_sides b
    where not b.in_hangfire
        and b.ledger_state not in ('Succeeded', 'Deleted')
    union all
    select
        'Enqueued, but without a ticket',
        b.job_id
    from both_sides b
    where b.hangfire_state = 'Enqueued'
        and not exists (select from tickets t where t.job_id = b.job_id)
    union all
    select
        'Scheduled, but with neither a timer nor a ticket',
        b.job_id
    from both_sides b
    where b.hangfire_state = 'Scheduled'
        and not exists (select from tickets t where t.job_id = b.job_id)
        and not exists (select from timers t where t.job_id = b.job_id)
    union all
    select
        'Processing, but without a ticket: nobody would take it over',
        b.job_id
    from both_sides b
    where b.hangfire_state = 'Processing'
        and not exists (select from tickets t where t.job_id = b.job_id)
    union all
    select
        'the ticket lies in queue ' || t.queue || ', which no lane reads',
        b.job_id
    from both_sides b
    join tickets t on t.job_id = b.job_id
    where b.lane is not null
        and t.queue <> 'parked'
        and not exists (select from harmony.kind k where t.queue in (k.lane || '_a', k.lane || '_b', k.lane || '_c'))
    union all
    select
        'ended, but still holds its unique key: no twin can be enqueued',
        b.job_id
    from both_sides b
    where b.claim is not null
        and b.ledger_state in ('Succeeded', 'Failed', 'Deleted')
    union all
    select
        'the trigger that keeps the ledger is missing or switched off',
        null
    where not harmony.ledger_is_kept()
)
select
    p.problem,
    p.job_id,
    b.kind,
    b.ledger_state,
    b.hangfire_state
from problems p
left join both_sides b on b.job_id = p.job_id
order by p.problem, p.job_id;
