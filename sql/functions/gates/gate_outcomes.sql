-- What the ends of runs say about the providers of their kinds: a run that got through ends a row of failures, and the second one on trial
-- closes the gate. Called by finish/finish_many.sql; returns at once while every gate is clean, which is nearly always.
-- Locks: the rows of harmony.provider_gate that are not clean, by provider.

create or replace function harmony.gate_outcomes(p_ok harmony.outcome[]) returns void
language plpgsql
as $$
begin
    if not exists (select from harmony.provider_gate g where g.state <> 'closed' or g.failures > 0) then
        return;
    end if;

    perform g.provider
    from harmony.provider_gate g
    where g.state <> 'closed'
        or g.failures > 0
    order by g.provider
    for update;

    -- Failures in a row: without a run in between that got through.
    update harmony.provider_gate g
    set
        failures = 0,
        reason = null
    from unnest(p_ok) x
    join harmony.job l on l.job_id = x.j
    join harmony.kind k on k.kind = l.kind
    where x.o in ('succeeded', 'parked')
        and g.provider = any (k.providers)
        and g.state = 'closed'
        and g.failures > 0;

    update harmony.provider_gate g
    set
        successes = case when x.o in ('succeeded', 'parked') then g.successes + 1 else g.successes end,
        probe_job = null
    from unnest(p_ok) x
    where g.probe_job = x.j;

    update harmony.provider_gate g
    set
        state = 'closed',
        failures = 0,
        successes = 0,
        blocked_until = null,
        probe_at = null,
        reason = null,
        changed_at = harmony.now()
    where g.state = 'half_open'
        and g.successes >= 2;
end
$$;
