-- What is paused or behind a provider's gate at this moment, by whom and until when, and how many jobs wait behind it.
with stops as (
    select
        p.scope,
        p.name,
        p.reason,
        p.paused_by,
        p.paused_at as since,
        p.until
    from harmony.pause p
    where p.until is null
        or p.until > (select harmony.now())
    union all
    select
        'gate',
        g.provider,
        g.reason,
        null,
        g.changed_at,
        g.blocked_until
    from harmony.provider_gate g
    where g.state = 'open'
        and g.blocked_until > (select harmony.now())
),
waiting as materialized (
    select
        l.lane,
        l.kind,
        count(*) filter (where l.due_at <= clock.now) as due,
        count(*) filter (where l.due_at > clock.now) as later,
        min(l.due_at) as oldest
    from harmony.job l
    cross join (select harmony.now() as now) clock
    where l.state in ('Enqueued', 'Scheduled')
    group by 1, 2
)
select
    s.scope,
    s.name,
    s.reason,
    s.paused_by,
    s.since,
    s.until,
    coalesce(sum(w.due), 0)::bigint as jobs_due,
    coalesce(sum(w.later), 0)::bigint as jobs_later,
    min(w.oldest) as oldest_due
from stops s
left join waiting w
    on (s.scope = 'lane' and w.lane = s.name)
    or (s.scope = 'kind' and w.kind = s.name)
    or (s.scope in ('provider', 'gate') and exists (
        select from harmony.kind k where k.kind = w.kind and s.name = any (k.providers)))
group by s.scope, s.name, s.reason, s.paused_by, s.since, s.until
order by s.scope, s.name;
