-- A call failed because of the provider. The fifth failure in a row opens the gate for 60 seconds, and so does a failure on trial. Returns the
-- state of the gate: closed lets calls through, open holds them.
-- Locks: the row of harmony.provider_gate.

create or replace function harmony.gate_failure(p_provider text, p_reason text) returns text
language sql
as $$
    insert into harmony.provider_gate as g (provider, failures, reason)
    values (p_provider, 1, left(p_reason, 500))
    on conflict (provider) do update set
        failures = g.failures + 1,
        successes = 0,
        state = case when g.state <> 'closed' or g.failures >= 4 then 'open' else 'closed' end,
        blocked_until = case
            when g.state = 'open' and g.blocked_until > harmony.now() then g.blocked_until
            when g.state <> 'closed' or g.failures >= 4 then harmony.now() + interval '60 seconds'
        end,
        probe_job = null,
        reason = excluded.reason,
        changed_at = case when g.state <> 'closed' or g.failures >= 4 then harmony.now() else g.changed_at end
    returning g.state
$$;
