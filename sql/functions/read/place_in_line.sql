-- What waits before a job in its lane, counted to ten thousand, and when its turn may come if the lane has a rate window. No row: the job has
-- no waiting ticket. Takes no lock.

create or replace function harmony.place_in_line(p_job_id bigint) returns table (ahead bigint, expected_at timestamptz)
language plpgsql stable
as $$
declare
    v_ticket hangfire.jobqueue;
    v_lane text;
    v_band text;
    v_window harmony.rate_window;
    v_share numeric;
    v_free bigint;
begin
    select q.* into v_ticket from hangfire.jobqueue q where q.jobid = p_job_id and q.fetchedat is null order by q.id limit 1;
    if not found or v_ticket.queue = 'parked' then
        return;
    end if;
    v_lane := regexp_replace(v_ticket.queue, '_[abc]$', '');
    v_band := right(v_ticket.queue, 1);
    select w.* into v_window from harmony.rate_window w where w.lane = v_lane;

    -- By shares, the other bands are not ahead of the job: they only slow its band down.
    select count(*) into ahead
    from (
        select
        from hangfire.jobqueue q
        where q.fetchedat is null
            and (
                (q.queue = v_ticket.queue and q.id < v_ticket.id)
                or (v_window.lane is null and q.queue in (v_lane || '_a', v_lane || '_b') and q.queue < v_ticket.queue))
        limit 10000
    ) before;

    if v_window.lane is not null then
        select harmony.band_weight(v_band)::numeric / sum(harmony.band_weight(b.band)) into v_share
        from unnest(array['a', 'b', 'c']) b (band)
        where b.band = v_band
            or exists (select from hangfire.jobqueue q where q.queue = v_lane || '_' || b.band and q.fetchedat is null);
        select greatest(0, v_window.permits - count(*)) into v_free
        from harmony.rate_use u
        where u.lane = v_lane
            and u.used_at > harmony.now() - v_window.window_length;
        expected_at := harmony.now()
            + v_window.window_length * (greatest(0, (ahead + 1) / v_share - v_free) / v_window.permits)::double precision;
    end if;
    return next;
end
$$;
