-- An operator lets calls to a provider through again at once. Its parked jobs come back, and jobs that were told to wait for it are woken
-- (key gate:<provider>). False when the provider has no gate.
-- Locks, in this order: the advisory lock of the wake key, which finish_many takes before its gates, too; the row of harmony.provider_gate; those
-- of enqueue/wake.sql; those of fetch/rescue.sql. The call is recorded.

create or replace function harmony.gate_reset(p_provider text) returns boolean
language plpgsql
as $$
begin
    perform pg_advisory_xact_lock(hashtextextended('harmony.wake:gate:' || p_provider, 0));
    update harmony.provider_gate g
    set
        state = 'closed',
        failures = 0,
        successes = 0,
        blocked_until = null,
        probe_job = null,
        probe_at = null,
        reason = null,
        changed_at = harmony.now()
    where g.provider = p_provider;
    if found then
        perform harmony.record_action('gate_reset', p_provider, null, 1, false);
        perform harmony.wake('gate:' || p_provider);
        perform harmony.rescue(10000);
    end if;
    return found;
end
$$;
