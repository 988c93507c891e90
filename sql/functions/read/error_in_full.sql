-- The newest error of a job with its stack, as long as Hangfire keeps the state it belongs to; harmony.job_event keeps messages only. The
-- rows of the job are read first, then the newest is taken (offset 0): the other way round the whole table may be walked backwards. Takes no lock.

create or replace function harmony.error_in_full(p_job_id bigint) returns text
language sql stable
as $$
    select left(e.data ->> 'ExceptionDetails', 20000)
    from (
        select
            s.id,
            s.data
        from hangfire.state s
        where s.jobid = p_job_id
            and s.name = 'Failed'
        offset 0
    ) e
    order by e.id desc
    limit 1
$$;
