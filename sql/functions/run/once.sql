-- True the first time a job reaches the step, over all its runs, if the transaction commits. The caller has called harmony.hold.
-- Locks: the ledger row of the job.

create or replace function harmony.once(p_job_id bigint, p_step text) returns boolean
language plpgsql
as $$
begin
    update harmony.job l
    set steps = l.steps || p_step
    where l.job_id = p_job_id
        and p_step <> all (l.steps);
    return found;
end
$$;
