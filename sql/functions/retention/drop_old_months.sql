-- Drops the months of history that ended before the kept time, whole partitions, and deletes older rows of the default partition, up to
-- p_limit. Returns the partitions that it dropped.
-- Locks: ACCESS EXCLUSIVE on harmony.job_event and the dropped partition, only where there is one to drop.

create or replace function harmony.drop_old_months(p_keep interval, p_limit integer) returns text[]
language plpgsql
as $$
declare
    v_name text;
    v_dropped text[] := '{}';
begin
    for v_name in
        select c.relname
        from pg_inherits i
        join pg_class c on c.oid = i.inhrelid
        where i.inhparent = 'harmony.job_event'::regclass
            and c.relname ~ '^job_event_[0-9]{4}_[0-9]{2}$'
            and to_date(right(c.relname, 7), 'YYYY_MM') + interval '1 month' < harmony.now() - p_keep
        order by c.relname
    loop
        execute format('drop table harmony.%I', v_name);
        v_dropped := v_dropped || v_name;
    end loop;

    delete from harmony.job_event_default e
    where e.event_id in (
        select x.event_id from harmony.job_event_default x where x.at < harmony.now() - p_keep limit p_limit);
    return v_dropped;
end
$$;
