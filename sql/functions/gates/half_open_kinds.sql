-- Kinds behind a gate whose time is over and that no run has proved yet: they start one at a time (take_trial.sql). Takes no lock.

create or replace function harmony.half_open_kinds() returns text[]
language plpgsql stable
as $$
begin
    if not exists (select from harmony.provider_gate g where g.state <> 'closed') then
        return '{}';
    end if;

    return (
        select coalesce(array_agg(k.kind), '{}')
        from harmony.kind k
        where exists (
            select
            from harmony.provider_gate g
            where g.provider = any (k.providers)
                and (g.state = 'half_open' or (g.state = 'open' and g.blocked_until <= harmony.now())))
    );
end
$$;
