-- Makes the partitions of harmony.job_event for this month and the next two; returns how many were missing. Rows of a month without a partition
-- land in the default one, and that month stays there.
-- Locks: only where a month is missing, ACCESS EXCLUSIVE on harmony.job_event and on its default partition for a moment.
-- Called twice a day by every server, and at the end of this file, so that a new database has its months before its first job.

create or replace function harmony.ensure_partitions() returns integer
language plpgsql
as $$
declare
    v_month date;
    v_made integer := 0;
    v_name text;
begin
    for v_month in
        select generate_series(date_trunc('month', harmony.now()), date_trunc('month', harmony.now()) + interval '2 months', interval '1 month')
    loop
        v_name := 'job_event_' || to_char(v_month, 'YYYY_MM');
        if to_regclass('harmony.' || v_name) is null
            and not exists (select from harmony.job_event_default where at >= v_month and at < v_month + interval '1 month')
        then
            execute format(
                'create table harmony.%I partition of harmony.job_event for values from (%L) to (%L)',
                v_name, v_month, v_month + interval '1 month');
            v_made := v_made + 1;
        end if;
    end loop;
    return v_made;
end
$$;

select harmony.ensure_partitions();
