-- Retention: what an unattended installation may forget after a while, in batches, so that years of jobs stay readable.

-- Months of history that ended before the kept time go as whole partitions; strays in the default partition row by row.
create function harmony.drop_old_months(p_keep interval, p_limit integer) returns text[]
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

-- Ledger rows of jobs that ended well or were deleted; Hangfire's own rows have gone by then. Dead letters stay.
create function harmony.forget_jobs(p_keep interval, p_limit integer) returns integer
language plpgsql
as $$
declare
    v_gone integer;
begin
    with old as materialized (
        select l.job_id
        from harmony.job l
        where l.finished_at < harmony.now() - p_keep
            and l.state in ('Succeeded', 'Deleted')
            and not exists (select from hangfire.job h where h.id = l.job_id)
        order by l.finished_at
        limit p_limit
        for update skip locked
    )
    delete from harmony.job l using old o where l.job_id = o.job_id;
    get diagnostics v_gone = row_count;
    return v_gone;
end
$$;

-- Dead letters nobody looked at for so long are purged: a transition like any other, with an actor of its own.
create function harmony.expire_dead_letters(p_keep interval, p_limit integer) returns integer
language plpgsql
as $$
declare
    v_ids bigint[];
    v_purged integer := 0;
begin
    select array_agg(o.job_id) into v_ids
    from (
        select l.job_id
        from harmony.job l
        where l.state = 'Failed'
            and l.dead_lettered_at < harmony.now() - p_keep
        order by l.dead_lettered_at
        limit p_limit
    ) o;
    if v_ids is not null then
        perform set_config('harmony.actor', 'retention', true);
        select count(*) into v_purged from harmony.purge(job_ids => v_ids) p where p.outcome = 'purged';
    end if;
    return v_purged;
end
$$;

create function harmony.forget_slots(p_keep interval, p_limit integer) returns integer
language plpgsql
as $$
declare
    v_gone integer;
begin
    with old as materialized (
        select x.schedule, x.slot
        from harmony.schedule_slot x
        where x.slot < harmony.now() - p_keep
        order by x.slot
        limit p_limit
    )
    delete from harmony.schedule_slot x using old o where x.schedule = o.schedule and x.slot = o.slot;
    get diagnostics v_gone = row_count;
    return v_gone;
end
$$;
create index schedule_slot_at on harmony.schedule_slot (slot);
