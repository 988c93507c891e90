-- Dead letters that a filter means wait again, with their full number of attempts. The unique key is taken again; where a live job holds it, the
-- dead letter becomes Deleted (superseded). Answers per job: requeued, superseded, busy (a worker or a click is at it), not_dead_letter,
-- not_found; would_requeue when dry_run.
-- Locks, per job, the oldest dead letter first: its ledger row; then those of move_job.sql, which never wait for a ticket. The call is recorded.

create or replace function harmony.requeue(
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
    from harmony.matching_dead(requeue.job_ids, requeue.kind, requeue.reason_code, requeue.older_than, requeue.text_like) m;

    foreach v_id in array coalesce(v_ids, '{}') loop
        if requeue.dry_run then
            return query select v_id, 'would_requeue';
            v_done := v_done + 1;
            continue;
        end if;

        if not harmony.retake_claim(v_id) then
            v_moved := harmony.move_job(
                v_id, array['Failed'], 'Deleted', 'Superseded: a live job holds the same key',
                jsonb_build_object('DeletedAt', harmony.millis(harmony.now()), 'ReasonCode', 'superseded'), interval '24 hours');
            return query select v_id, case when v_moved then 'superseded' else 'busy' end;
            continue;
        end if;

        v_moved := harmony.move_job(
            v_id, array['Failed'], 'Enqueued', 'Requeued by ' || harmony.actor(),
            jsonb_build_object('EnqueuedAt', harmony.millis(harmony.now()), 'Queue', 'default'), null);
        if v_moved then
            v_done := v_done + 1;
        else
            -- It is still a dead letter: it must not keep the key from later jobs.
            update harmony.job l set claim = null where l.job_id = v_id and l.state = 'Failed';
        end if;
        return query select v_id, case when v_moved then 'requeued' else 'busy' end;
    end loop;

    if requeue.job_ids is not null then
        return query
        select i, case when l.job_id is null then 'not_found' else 'not_dead_letter' end
        from unnest(requeue.job_ids) i
        left join harmony.job l on l.job_id = i
        where v_ids is null or i <> all (v_ids);
    end if;
    if v_done > 0 and not requeue.dry_run then
        perform pg_notify('new_job', '');
    end if;
    perform harmony.record_action(
        'requeue', requeue.kind,
        jsonb_strip_nulls(jsonb_build_object('job_ids', requeue.job_ids, 'kind', requeue.kind, 'reason_code', requeue.reason_code,
            'older_than', requeue.older_than, 'text', requeue.text_like)),
        v_done, requeue.dry_run);
end
$$;
