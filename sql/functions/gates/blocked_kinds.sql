-- Kinds that may not start now: paused themselves or through a provider, or behind a gate that is open. Takes no lock, and asks nothing
-- further while there is no pause and no open gate.

create or replace function harmony.blocked_kinds() returns text[]
language plpgsql stable
as $$
declare
    v_now timestamptz;
begin
    if not exists (select from harmony.pause)
        and not exists (select from harmony.provider_gate g where g.state = 'open')
    then
        return '{}';
    end if;

    v_now := harmony.now();
    return (
        select coalesce(array_agg(k.kind), '{}')
        from harmony.kind k
        where exists (
            select from harmony.pause p
            where (p.until is null or p.until > v_now)
                and ((p.scope = 'kind' and p.name = k.kind) or (p.scope = 'provider' and p.name = any (k.providers)))
        )
        or exists (
            select from harmony.provider_gate g
            where g.provider = any (k.providers)
                and g.state = 'open'
                and g.blocked_until > v_now
        )
    );
end
$$;
