-- Says what a job is about, for every list that shows it. A run that no longer holds its job changes nothing.
-- Locks: the job's row in harmony.job.

create or replace function harmony.set_title(p_job_id bigint, p_fence bigint, p_title text) returns void
language sql
as $$
    update harmony.job l
    set title = left(p_title, 200)
    where l.job_id = p_job_id
        and l.state_id = p_fence
        and l.title is distinct from left(p_title, 200)
$$;
