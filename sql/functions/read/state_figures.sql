-- How many jobs are in each state: exact up to p_most, beyond that an estimate from the statistics, marked about. Takes no lock.
-- Planner settings: counted by the index on the state, never by a sequential scan (docs/adr/0014-pages-that-cost-the-same.md).

create or replace function harmony.state_figures(p_most integer) returns table (state text, jobs bigint, about boolean)
language plpgsql stable
set enable_seqscan = off set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
begin
    return query
    select
        s.state,
        case when n.jobs < p_most then n.jobs else greatest(n.jobs, coalesce(g.guess, 0)) end,
        n.jobs >= p_most
    from unnest(array['Enqueued', 'Scheduled', 'Processing', 'Succeeded', 'Failed', 'Deleted', 'Awaiting']) with ordinality s (state, ord)
    cross join lateral (
        select count(*) as jobs
        from (select from harmony.job l where l.state = s.state limit p_most) counted
    ) n
    left join lateral (
        select (c.reltuples * f.share)::bigint as guess
        from pg_class c
        join pg_stats t on t.schemaname = 'harmony' and t.tablename = 'job' and t.attname = 'state'
        cross join lateral unnest(t.most_common_vals::text::text[], t.most_common_freqs) f (value, share)
        where c.oid = 'harmony.job'::regclass
            and f.value = s.state
            and n.jobs >= p_most
    ) g on true
    order by s.ord;
end
$$;
