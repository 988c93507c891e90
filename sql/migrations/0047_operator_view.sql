-- What the operator's pages ask costs the same however many jobs there are.

-- A kind's jobs in one state, newest first, without walking over those in other states.
drop index harmony.job_kind;
create index job_kind on harmony.job (kind, state, job_id desc);
create index job_dead_why on harmony.job (kind, reason_code, job_id desc) include (dead_lettered_at) where state = 'Failed';
create index job_event_failed on harmony.job_event (at) where to_state = 'Failed';
create index operator_action_actor on harmony.operator_action (actor, action_id desc);
create index operator_action_what on harmony.operator_action (action, action_id desc);
create index operator_action_target on harmony.operator_action (target, action_id desc);

-- Each lane at this moment. Counted up to p_most per lane and band, what is parked or waits for a time up to a tenth of that.
create function harmony.lane_figures(p_most integer) returns table (
    lane text, waiting bigint, running bigint, later bigint, parked bigint, oldest_waiting timestamptz)
language plpgsql stable
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
begin
    return query
    with parked as materialized (
        select l.lane, count(*) as jobs
        from (
            select q.jobid
            from hangfire.jobqueue q
            where q.queue = 'parked'
                and q.fetchedat is null
            limit p_most / 10
        ) p
        cross join lateral (select l.lane from harmony.job l where l.job_id = p.jobid limit 1) l
        group by l.lane
    ),
    running as materialized (
        select l.lane, count(*) as jobs
        from harmony.job l
        where l.state = 'Processing'
        group by l.lane
    ),
    later as materialized (
        select s.lane, count(*) as jobs
        from (
            select l.lane
            from harmony.job l
            where l.state = 'Scheduled'
            order by l.job_id desc
            limit p_most / 10
        ) s
        group by s.lane
    )
    select
        k.lane,
        (w.tickets + coalesce(p.jobs, 0))::bigint,
        coalesce(r.jobs, 0),
        coalesce(t.jobs, 0),
        coalesce(p.jobs, 0),
        w.oldest
    from (select distinct k.lane from harmony.kind k) k
    cross join lateral (
        select
            sum(n.tickets) as tickets,
            min(o.since) as oldest
        from unnest(array['_a', '_b', '_c']) band
        cross join lateral (
            select count(*) as tickets
            from (
                select
                from hangfire.jobqueue q
                where q.queue = k.lane || band
                    and q.fetchedat is null
                limit p_most
            ) counted
        ) n
        left join lateral (
            select coalesce(l.due_at, l.created_at) as since
            from (
                select q.jobid
                from hangfire.jobqueue q
                where q.fetchedat is null
                    and (q.queue, q.id) >= (k.lane || band, harmony.head_of(k.lane || band))
                    and q.queue <= k.lane || band
                order by q.queue, q.id
                limit 1
            ) head
            cross join lateral (select l.due_at, l.created_at from harmony.job l where l.job_id = head.jobid limit 1) l
        ) o on true
    ) w
    left join parked p on p.lane = k.lane
    left join running r on r.lane = k.lane
    left join later t on t.lane = k.lane
    order by k.lane;
end
$$;

-- How many jobs are in each state: exact up to p_most, beyond that what the statistics say.
create function harmony.state_figures(p_most integer) returns table (state text, jobs bigint, about boolean)
language plpgsql stable
set enable_seqscan = off set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
begin
    return query
    select
        s.state,
        case when n.jobs < p_most then n.jobs else greatest(n.jobs, coalesce(g.guess, 0)) end,
        n.jobs >= p_most
    from unnest(array['Enqueued', 'Scheduled', 'Processing', 'Succeeded', 'Failed', 'Deleted', 'Awaiting']) with ordinality s (state, ord)
    cross join lateral (
        select count(*) as jobs
        from (select from harmony.job l where l.state = s.state limit p_most) counted
    ) n
    left join lateral (
        select (c.reltuples * f.share)::bigint as guess
        from pg_class c
        join pg_stats t on t.schemaname = 'harmony' and t.tablename = 'job' and t.attname = 'state'
        cross join lateral unnest(t.most_common_vals::text::text[], t.most_common_freqs) f (value, share)
        where c.oid = 'harmony.job'::regclass
            and f.value = s.state
            and n.jobs >= p_most
    ) g on true
    order by s.ord;
end
$$;

create function harmony.counted(p_key text) returns bigint
language sql stable
as $$
    select coalesce(sum(v.value), 0)::bigint
    from (
        select a.value from hangfire.aggregatedcounter a where a.key = p_key
        union all
        select c.value from hangfire.counter c where c.key = p_key
    ) v
$$;

-- What ended on each of the last days, as Hangfire's own counters have it: they outlive the jobs.
create function harmony.day_figures(p_days integer) returns table (day date, done bigint, dead bigint)
language sql stable
as $$
    select
        d.day,
        harmony.counted('stats:succeeded:' || to_char(d.day, 'YYYY-MM-DD')),
        harmony.counted('stats:failed:' || to_char(d.day, 'YYYY-MM-DD'))
    from (
        select (harmony.now() at time zone 'UTC')::date - n as day
        from generate_series(0, p_days - 1) n
    ) d
    order by d.day
$$;
