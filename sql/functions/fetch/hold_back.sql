-- Names the tickets of a round whose third start in a row must wait: such a job starts alone in its process, and only in one that has been up
-- for ten seconds, so that a job that kills its process is told from one that only ran beside it (docs/adr/0005-third-start-alone.md).
-- Locks: an advisory lock per process, tried and not waited for; a fetch that does not get it keeps all of them back.

create or replace function harmony.hold_back(p_server text, p_round harmony.ticket[], p_away bigint[], p_go harmony.ticket[])
returns bigint[]
language plpgsql
as $$
declare
    v_suspects bigint[];
begin
    select array_agg(r.ticket_id order by r.ticket_id) into v_suspects
    from unnest(p_round) r
    where r.state = 'Processing'
        and r.starts_in_a_row = 2
        and r.ticket_id <> all (p_away);
    if v_suspects is null then
        return '{}';
    end if;

    -- A statement of its own: the snapshot of the statement below must be younger than the lock.
    if not pg_try_advisory_xact_lock(hashtextextended('harmony.alone:' || p_server, 0)) then
        return v_suspects;
    end if;
    if harmony.is_settled(p_server)
        and not exists (select from unnest(p_go) g where g.state = 'Processing' and g.starts_in_a_row = 2)
        and not exists (
            select
            from harmony.job l
            where l.state = 'Processing'
                and l.worker = p_server
                and l.starts_in_a_row >= 3)
    then
        return v_suspects[2:];
    end if;
    return v_suspects;
end
$$;

-- How long a process must have been up before it takes such a job, by the database's clock.
create or replace function harmony.is_settled(p_server text) returns boolean
language sql stable
as $$
    select exists (
        select
        from hangfire.server s
        where s.id = p_server
            and harmony.state_time(s.data ->> 'StartedAt') < harmony.now() - interval '10 seconds')
$$;
