-- Opens the gate of a provider: no job that needs it starts in the whole fleet until a time. A later time wins, an earlier one does not
-- shorten it. Returns until when.
-- Locks: the row of harmony.provider_gate.

create or replace function harmony.gate_block(p_provider text, p_wait interval, p_reason text) returns timestamptz
language sql
as $$
    insert into harmony.provider_gate (provider, state, blocked_until, reason, changed_at)
    values (p_provider, 'open', harmony.now() + p_wait, left(p_reason, 500), harmony.now())
    on conflict (provider) do update set
        state = 'open',
        successes = 0,
        probe_job = null,
        blocked_until = greatest(provider_gate.blocked_until, excluded.blocked_until),
        reason = excluded.reason,
        changed_at = harmony.now()
    returning blocked_until
$$;
