-- A fetch lost the ticket of a job that was committed while it looked: the lock was taken in a newer snapshot than the
-- one the job was then looked up in, so the job seemed not to exist and its ticket was dropped as stale.

-- How often a job was started since it last ended in any way.
create function harmony.starts_without_outcome(p_job_id bigint) returns bigint
language sql stable
as $$
    select count(*)
    from harmony.job_event e
    where e.job_id = p_job_id
        and e.to_state = 'Processing'
        and e.event_id > coalesce(
            (select max(o.event_id) from harmony.job_event o where o.job_id = p_job_id and o.to_state <> 'Processing'), 0)
$$;

-- The picked tickets with what decides about them; looked up in a statement of its own, after the tickets are locked.
-- A job that commits something in each run and dies in each all the same has a streak that never grows: ten are enough.
create or replace function harmony.take(p_lane text, p_room integer, p_turn bigint, p_skip bigint[]) returns harmony.ticket[]
language plpgsql
as $$
declare
    v_picked hangfire.jobqueue[];
begin
    select array_agg(q) into v_picked from harmony.pick(p_lane, p_room, p_turn, p_skip) q;
    return (
        select array_agg((
            q.id, q.jobid, q.queue, coalesce(l.kind, ''), p_lane, h.statename,
            case when h.statename = 'Processing' and harmony.starts_without_outcome(q.jobid) >= 10 then 10 else coalesce(l.starts_in_a_row, 0) end,
            coalesce(l.revived, false) and l.unique_key is not null)::harmony.ticket order by q.ord)
        from unnest(v_picked) with ordinality as q (id, jobid, queue, fetchedat, updatecount, ord)
        left join hangfire.job h on h.id = q.jobid
        left join harmony.job l on l.job_id = q.jobid
    );
end
$$;
