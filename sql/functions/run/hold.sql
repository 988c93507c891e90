-- The first statement of every transaction in which a run has an effect: true while the run holds its job, false once it has lost it. Then the
-- run must write nothing.
-- Locks: the row of hangfire.job, for share to the end of the transaction, so that the job is given to no other run before the effect is
-- committed; then the ledger row, only where the job had been started more than once in a row.

create or replace function harmony.hold(p_job_id bigint, p_fence bigint) returns boolean
language plpgsql
as $$
begin
    perform
    from hangfire.job h
    where h.id = p_job_id
        and h.stateid = p_fence
        and h.statename = 'Processing'
    for share;
    if not found then
        return false;
    end if;

    -- A run that is about to write something durable is no crash loop.
    update harmony.job l
    set starts_in_a_row = 1
    where l.job_id = p_job_id
        and l.starts_in_a_row > 1;
    return true;
end
$$;
