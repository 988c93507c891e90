-- What ended on each of the last days, from Hangfire's own counters, which outlive the jobs. Takes no lock.

create or replace function harmony.day_figures(p_days integer) returns table (day date, done bigint, retried bigint, dead bigint)
language sql stable
as $$
    select
        d.day,
        harmony.counted('stats:succeeded:' || to_char(d.day, 'YYYY-MM-DD')),
        greatest(0, harmony.counted('stats:failed_runs:' || to_char(d.day, 'YYYY-MM-DD')) - f.dead),
        f.dead
    from (
        select (harmony.now() at time zone 'UTC')::date - n as day
        from generate_series(0, p_days - 1) n
    ) d
    cross join lateral (select harmony.counted('stats:failed:' || to_char(d.day, 'YYYY-MM-DD')) as dead) f
    order by d.day
$$;

-- The value of one of Hangfire's counters: what is added up, and what is not yet.
create or replace function harmony.counted(p_key text) returns bigint
language sql stable
as $$
    select coalesce(sum(v.value), 0)::bigint
    from (
        select a.value from hangfire.aggregatedcounter a where a.key = p_key
        union all
        select c.value from hangfire.counter c where c.key = p_key
    ) v
$$;
