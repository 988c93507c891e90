-- Gives each job a new state row and makes it the current one; returns how many jobs there were. The caller holds the lock rows of the jobs.
-- Locks: rows of hangfire.job; then rows of harmony.job, by the trigger in ledger/follow_state.sql.
-- Planner settings: rows are reached by key, one by one, whatever the statistics say, so sequential scans and hash and merge joins are off;
-- a generic plan is kept, because planning anew costs more than the rows do (docs/adr/0010-plans-that-do-not-age.md).

create or replace function harmony.write_states(
    p_job_ids bigint[], p_name text, p_reasons text[], p_data jsonb[], p_expire_in interval) returns bigint
language plpgsql
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set plan_cache_mode = force_generic_plan
as $$
declare
    v_now timestamptz := harmony.now();
begin
    if p_job_ids is null then
        return 0;
    end if;

    with rows as materialized (
        select
            r.job_id,
            r.reason,
            r.data,
            nextval('hangfire.state_id_seq') as state_id
        from unnest(p_job_ids, p_reasons, p_data) as r (job_id, reason, data)
    ),
    states as (
        insert into hangfire.state (id, jobid, name, reason, createdat, data)
        select r.state_id, r.job_id, p_name, r.reason, v_now, r.data
        from rows r
    )
    update hangfire.job h
    set
        stateid = r.state_id,
        statename = p_name,
        expireat = v_now + p_expire_in
    from rows r
    where h.id = r.job_id;
    return cardinality(p_job_ids);
end
$$;

-- Statistics rows as Hangfire's dashboard sums them; one row with value n is as good as n rows.
create or replace function harmony.count_stats(p_what text, p_count bigint, p_total boolean) returns void
language plpgsql
as $$
declare
    v_now timestamptz;
begin
    if p_count = 0 then
        return;
    end if;

    v_now := harmony.now();
    insert into hangfire.counter (key, value, expireat)
    select s.key, p_count, s.expireat
    from (
        values
            ('stats:' || p_what, null::timestamptz, p_total),
            ('stats:' || p_what || ':' || to_char(v_now at time zone 'UTC', 'YYYY-MM-DD'), v_now + interval '1 month', true),
            ('stats:' || p_what || ':' || to_char(v_now at time zone 'UTC', 'YYYY-MM-DD-HH24'), v_now + interval '1 day', true)
    ) s (key, expireat, wanted)
    where s.wanted;
end
$$;
