-- One process may have two fetches under way, and neither sees what the other has started: who lets a third start go holds
-- a lock until its transaction is over, and who does not get it keeps all of them back.

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

    -- A statement of its own: what is looked at below must be younger than the lock.
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
