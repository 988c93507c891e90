-- How full each rate window is at this moment, when the next permit comes free, and how many jobs wait for one.
select
    w.lane,
    w.permits,
    w.window_length,
    used.permits as used,
    greatest(0, w.permits - used.permits) as free,
    case when used.permits >= w.permits then used.oldest + w.window_length end as next_free_at,
    waiting.jobs as waiting,
    ceil(greatest(0, waiting.jobs - greatest(0, w.permits - used.permits))::numeric / w.permits) * w.window_length as last_starts_within
from harmony.rate_window w
cross join lateral (
    select
        count(*) as permits,
        min(u.used_at) as oldest
    from harmony.rate_use u
    where u.lane = w.lane
        and u.used_at > (select harmony.now()) - w.window_length
) used
cross join lateral (
    select count(*) as jobs
    from harmony.tickets() q
    where q.queue in (w.lane || '_a', w.lane || '_b', w.lane || '_c')
        and q.fetched_at is null
) waiting
order by w.lane;
