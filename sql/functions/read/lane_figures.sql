-- Each lane at this moment: waiting, running, later, parked, and since when the oldest waits. Counted up to p_most per lane and band; what is
-- parked or waits for a time, up to a tenth of that over all lanes. A retry whose time has come is counted where it waits. Takes no lock.
-- Planner settings: rows are reached by key, one by one, whatever the statistics say, so sequential scans and hash and merge joins are off;
-- a generic plan is kept, because planning anew costs more than the rows do (docs/adr/0010-plans-that-do-not-age.md).

create or replace function harmony.lane_figures(p_most integer) returns table (
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
            select l.job_id, l.lane
            from harmony.job l
            where l.state = 'Scheduled'
            order by l.job_id desc
            limit p_most / 10
        ) s
        where not exists (
            select
            from hangfire.jobqueue q
            where q.jobid = s.job_id
        )
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
