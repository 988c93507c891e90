-- Renews the leases of runs that still hold their job (the fence is the current state, Processing) and returns these jobs. A run whose job is
-- not in the answer has lost it and must stop.
-- Locks: the tickets of these runs in hangfire.jobqueue; it waits, because finish_many and operators lock the same rows.
-- Planner settings: rows are reached by key, one by one, whatever the statistics say, so sequential scans and hash and merge joins are off;
-- a generic plan is kept, because planning anew costs more than the rows do (docs/adr/0010-plans-that-do-not-age.md).

create or replace function harmony.renew(p_ticket_ids bigint[], p_fences bigint[]) returns setof bigint
language plpgsql
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set plan_cache_mode = force_generic_plan
as $$
declare
    v_now timestamptz := harmony.now();
begin
    return query
    update hangfire.jobqueue q
    set fetchedat = v_now
    from (
        select held.ticket_id
        from unnest(p_ticket_ids, p_fences) as held (ticket_id, fence)
        cross join lateral (
            select
            from hangfire.jobqueue t
            cross join lateral (
                select h.stateid, h.statename
                from hangfire.job h
                where h.id = t.jobid
                limit 1
            ) h
            where t.id = held.ticket_id
                and h.stateid = held.fence
                and h.statename = 'Processing'
            limit 1
        ) good
    ) held
    where q.id = held.ticket_id
    returning q.jobid;
end
$$;
