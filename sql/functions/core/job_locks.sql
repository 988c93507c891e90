-- lock_jobs takes the lock row that Hangfire's own members take around a state change, so that a click and a worker exclude each other, and
-- returns the jobs it got. unlock_jobs deletes the rows: they live and end inside one transaction.
-- Locks: rows of hangfire.lock, in the order of job ids. It waits for a transaction of ours that has the same row, and never for a row that
-- a Hangfire member has committed: that job is missing from the answer. A row older than ten minutes was left by a dead member and is removed,
-- as Hangfire does.
-- Planner settings: by key, with a kept plan (docs/adr/0010-plans-that-do-not-age.md).

create or replace function harmony.lock_jobs(p_job_ids bigint[]) returns bigint[]
language plpgsql
set enable_seqscan = off set plan_cache_mode = force_generic_plan
as $$
declare
    v_wanted bigint[] := p_job_ids;
    v_some bigint[];
    v_taken bigint[] := '{}';
begin
    for v_try in 1 .. 2 loop
        with taken as (
            insert into hangfire.lock (resource, acquired)
            select 'hangfire:job:' || jobs.j || ':state-lock', clock_timestamp()
            from (select distinct w as j from unnest(v_wanted) w order by 1) jobs
            on conflict (resource) do nothing
            returning resource
        )
        select array_agg(split_part(t.resource, ':', 3)::bigint) into v_some from taken t;
        v_taken := v_taken || v_some;
        exit when cardinality(v_some) = cardinality(v_wanted);
        v_wanted := array(select w from unnest(v_wanted) w where w <> all (v_taken));
        exit when cardinality(v_wanted) = 0;

        -- The lock row of a member that died: Hangfire gives such a row up after ten minutes.
        with given_up as (
            delete from hangfire.lock l
            where l.resource = any (array(select 'hangfire:job:' || w || ':state-lock' from unnest(v_wanted) w))
                and l.acquired < clock_timestamp() - interval '10 minutes'
            returning l.resource
        )
        select array_agg(split_part(g.resource, ':', 3)::bigint) into v_wanted from given_up g;
        exit when v_wanted is null;
    end loop;
    return v_taken;
end
$$;

create or replace function harmony.unlock_jobs(p_job_ids bigint[]) returns void
language plpgsql
set enable_seqscan = off set plan_cache_mode = force_generic_plan
as $$
begin
    delete from hangfire.lock l
    where l.resource = any (array(select 'hangfire:job:' || j || ':state-lock' from unnest(p_job_ids) j));
end
$$;
