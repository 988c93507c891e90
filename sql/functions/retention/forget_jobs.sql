-- Deletes ledger rows of jobs that ended well or were deleted before the kept time, up to p_limit; Hangfire's own rows have gone by then.
-- Dead letters stay. Locks: rows of harmony.job, by skip locked.

create or replace function harmony.forget_jobs(p_keep interval, p_limit integer) returns integer
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
