-- Purges dead letters older than the kept time, up to p_limit, under the actor retention; returns how many. Locks: those of operate/purge.sql.

create or replace function harmony.expire_dead_letters(p_keep interval, p_limit integer) returns integer
language plpgsql
as $$
declare
    v_ids bigint[];
    v_purged integer := 0;
begin
    select array_agg(o.job_id) into v_ids
    from (
        select l.job_id
        from harmony.job l
        where l.state = 'Failed'
            and l.dead_lettered_at < harmony.now() - p_keep
        order by l.dead_lettered_at
        limit p_limit
    ) o;
    if v_ids is not null then
        perform set_config('harmony.actor', 'retention', true);
        select count(*) into v_purged from harmony.purge(job_ids => v_ids) p where p.outcome = 'purged';
    end if;
    return v_purged;
end
$$;
