-- Expired rows are deleted, by the database's clock and a bounded number at a time, beside Hangfire's expiration manager; counters are added up in
-- place of Hangfire's aggregator, which loses what is counted while it runs. Counters are summed from what the same statement deletes, so none is lost in between. Returns how many jobs it deleted.
-- Locks: rows of hangfire.job and hangfire.counter, by skip locked; then rows of hangfire.aggregatedcounter, by key, and what has expired.

create or replace function harmony.expire(p_limit integer) returns integer
language plpgsql
as $$
declare
    v_jobs integer;
begin
    with old as materialized (
        select h.id from hangfire.job h where h.expireat < harmony.now() limit p_limit for update skip locked
    )
    delete from hangfire.job h using old o where h.id = o.id;
    get diagnostics v_jobs = row_count;

    with gone as (
        delete from hangfire.counter c
        where c.id in (select x.id from hangfire.counter x limit p_limit * 10 for update skip locked)
        returning c.key, c.value, c.expireat
    )
    insert into hangfire.aggregatedcounter (key, value, expireat)
    select g.key, sum(g.value), max(g.expireat)
    from gone g
    group by g.key
    order by g.key
    on conflict (key) do update set
        value = aggregatedcounter.value + excluded.value,
        expireat = greatest(aggregatedcounter.expireat, excluded.expireat);
    delete from hangfire.aggregatedcounter a where a.expireat < harmony.now();
    delete from hangfire.set s where s.expireat < harmony.now();
    delete from hangfire.hash x where x.expireat < harmony.now();
    delete from hangfire.list x where x.expireat < harmony.now();
    delete from harmony.wake_signal w where w.woken_at < harmony.now() - interval '1 day';
    return v_jobs;
end
$$;
