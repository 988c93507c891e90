-- What happened to one job: every transition, who caused it and how long it lasted. psql -v job=42 -f sql/audit/what_happened_to_a_job.sql
select
    e.at,
    e.from_state,
    e.to_state,
    e.reason,
    e.actor,
    e.worker,
    e.duration_ms,
    e.error
from harmony.job_event e
where e.job_id = :job
order by e.event_id;
