-- Opens the gate of a provider that refuses without saying for how long: for the first wait, and for twice as long each further time, up to
-- the longest. A caller that finds it open already (calls that were under way together) changes only the reason. Returns until when.
-- Locks: the row of harmony.provider_gate.

create or replace function harmony.gate_block_guessed(p_provider text, p_first interval, p_longest interval, p_reason text) returns timestamptz
language plpgsql
as $$
declare
    v_until timestamptz;
begin
    insert into harmony.provider_gate as g (provider, state, blocked_until, reason, changed_at, guesses)
    values (p_provider, 'open', harmony.now() + p_first, left(p_reason, 500), harmony.now(), 1)
    on conflict (provider) do update set
        state = 'open',
        successes = 0,
        probe_job = null,
        guesses = case when g.state = 'closed' then 1 else g.guesses + 1 end,
        blocked_until = harmony.now() + least(p_longest, p_first * power(2, least(20, case when g.state = 'closed' then 0 else g.guesses end))),
        reason = excluded.reason,
        changed_at = harmony.now()
    where g.state <> 'open'
        or g.blocked_until is null
        or g.blocked_until <= harmony.now()
    returning g.blocked_until into v_until;
    if found then
        return v_until;
    end if;
    update harmony.provider_gate g
    set reason = left(p_reason, 500)
    where g.provider = p_provider
    returning g.blocked_until into v_until;
    return v_until;
end
$$;
