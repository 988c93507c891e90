-- Dead letters that a filter means become Deleted; their history stays. Answers per job: purged, busy, not_dead_letter, not_found; would_purge
-- when dry_run.
-- Locks, per job, the oldest dead letter first: those of move_job.sql. The call is recorded.

create or replace function harmony.purge(
    job_ids bigint[] default null, kind text default null, reason_code text default null,
    older_than interval default null, text_like text default null, dry_run boolean default false
) returns table (job_id bigint, outcome text)
language plpgsql
as $$
#variable_conflict use_column
declare
    v_ids bigint[];
    v_id bigint;
    v_moved boolean;
    v_done integer := 0;
begin
    select array_agg(m) into v_ids
    from harmony.matching_dead(purge.job_ids, purge.kind, purge.reason_code, purge.older_than, purge.text_like) m;

    foreach v_id in array coalesce(v_ids, '{}') loop
        v_moved := purge.dry_run or harmony.move_job(
            v_id, array['Failed'], 'Deleted', 'Purged by ' || harmony.actor(),
            jsonb_build_object('DeletedAt', harmony.millis(harmony.now()), 'ReasonCode', 'purged'), interval '24 hours');
        if v_moved then
            v_done := v_done + 1;
        end if;
        return query select v_id, case when purge.dry_run then 'would_purge' when v_moved then 'purged' else 'busy' end;
    end loop;

    if purge.job_ids is not null then
        return query
        select i, case when l.job_id is null then 'not_found' else 'not_dead_letter' end
        from unnest(purge.job_ids) i
        left join harmony.job l on l.job_id = i
        where v_ids is null or i <> all (v_ids);
    end if;
    perform harmony.record_action(
        'purge', purge.kind,
        jsonb_strip_nulls(jsonb_build_object('job_ids', purge.job_ids, 'kind', purge.kind, 'reason_code', purge.reason_code,
            'older_than', purge.older_than, 'text', purge.text_like)),
        v_done, purge.dry_run);
end
$$;
