-- The dead letters that a filter means, the oldest first; the reason unknown means those without one. Takes no lock.

create or replace function harmony.matching_dead(
    p_job_ids bigint[], p_kind text, p_reason_code text, p_older_than interval, p_text text
) returns setof bigint
language sql stable
as $$
    select l.job_id
    from harmony.job l
    cross join (
        select '%' || replace(replace(replace(p_text, '\', '\\'), '%', '\%'), '_', '\_') || '%' as pattern
    ) like_it
    where l.state = 'Failed'
        and (p_job_ids is null or l.job_id = any (p_job_ids))
        and (p_kind is null or l.kind = p_kind)
        and (p_reason_code is null or coalesce(l.reason_code, 'unknown') = p_reason_code)
        and (p_older_than is null or l.dead_lettered_at < harmony.now() - p_older_than)
        and (p_text is null or l.last_error ilike like_it.pattern or l.title ilike like_it.pattern)
    order by l.dead_lettered_at, l.job_id
$$;
