-- find_heads writes down where the first waiting ticket of each queue is, at most once a second over all processes; head_of reads it. Looks
-- begin there, and do not walk over index entries of tickets that are gone but cannot be cleaned up while an old snapshot is open
-- (docs/adr/0009-heads-of-queues.md). A ticket that got its number before the look and is committed after it must not lie below the head: so a
-- queue begins at its first ticket, or at the number that was next a round ago, whichever is less.
-- Locks: an advisory lock, tried and not waited for; the rows of harmony.queue_head, by queue.
-- Planner settings: waiting tickets are read in the order of the index harmony_jobqueue_waiting. Sorts and sequential scans are off, so that no
-- plan that was made while the table was empty walks over the tickets of other queues (docs/adr/0010-plans-that-do-not-age.md).

create or replace function harmony.find_heads() returns void
language plpgsql
set enable_seqscan = off set enable_sort = off set enable_incremental_sort = off set plan_cache_mode = force_generic_plan
as $$
declare
    v_next bigint;
    v_queue text;
    v_first bigint;
begin
    if exists (select from harmony.queue_head h where h.seen_at > clock_timestamp() - interval '900 milliseconds')
        or not pg_try_advisory_xact_lock(hashtextextended('harmony.find_heads', 0))
    then
        return;
    end if;

    select case when s.is_called then s.last_value + 1 else s.last_value end into v_next from hangfire.jobqueue_id_seq s;
    for v_queue in
        select lanes.lane || '_' || bands.band
        from (select distinct k.lane from harmony.kind k) lanes
        cross join unnest(array['a', 'b', 'c']) bands (band)
        order by 1
    loop
        select q.id into v_first
        from hangfire.jobqueue q
        where q.fetchedat is null
            and (q.queue, q.id) >= (v_queue, 0)
            and q.queue <= v_queue
        order by q.queue, q.id
        limit 1;
        insert into harmony.queue_head as h (queue, first_id, seen_at, next_id)
        values (v_queue, 0, clock_timestamp(), v_next)
        on conflict (queue) do update set
            first_id = least(coalesce(v_first, v_next), h.next_id),
            seen_at = excluded.seen_at,
            next_id = excluded.next_id;
    end loop;
end
$$;

-- Where a look at the queue may begin; at the very beginning when no head was written for three seconds.
create or replace function harmony.head_of(p_queue text) returns bigint
language plpgsql stable
as $$
declare
    v_first bigint;
begin
    select h.first_id into v_first
    from harmony.queue_head h
    where h.queue = p_queue
        and h.seen_at > clock_timestamp() - interval '3 seconds';
    return coalesce(v_first, 0);
end
$$;
