-- Notes how far a run is, for those who look at the job. Does nothing when the run no longer holds the job.
-- Locks: the ledger row of the job.

create or replace function harmony.progress(p_job_id bigint, p_fence bigint, p_done bigint, p_total bigint, p_line text) returns void
language sql
as $$
    update harmony.job l
    set
        progress_done = p_done,
        progress_total = p_total,
        progress_line = left(p_line, 500),
        progress_at = harmony.now()
    where l.job_id = p_job_id
        and l.state_id = p_fence
$$;
