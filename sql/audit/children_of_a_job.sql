-- A job and all it led to, as a tree: children, their children, and how each stands. psql -v job=42 -f sql/audit/children_of_a_job.sql
with recursive family as (
    select
        l.job_id,
        0 as depth,
        array[l.job_id] as path
    from harmony.job l
    where l.job_id = :job
    union all
    select
        c.job_id,
        f.depth + 1,
        f.path || c.job_id
    from family f
    join harmony.job c on c.parent_job_id = f.job_id
    where c.job_id <> all (f.path)
)
select
    repeat('  ', f.depth) || l.kind as tree,
    l.job_id,
    l.parent_job_id,
    l.state,
    l.reason_code,
    l.attempts,
    l.created_at,
    l.finished_at,
    left(l.last_error, 120) as last_error
from family f
join harmony.job l on l.job_id = f.job_id
order by f.path;
