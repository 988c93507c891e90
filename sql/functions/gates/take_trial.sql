-- take_trial takes the trial of every gate that a job needs, or of none: that job alone may try the providers now. A trial is free when its
-- last job has ended, or has been at it for half a minute. turn_away_but_one lets one ticket of a round through and parks the others.
-- Locks: rows of harmony.provider_gate, by provider and skip locked, never waiting; then the parked tickets.

create or replace function harmony.take_trial(p_job_id bigint, p_kind text) returns boolean
language plpgsql
as $$
declare
    v_all text[];
    v_free text[];
begin
    select array_agg(g.provider) into v_all
    from harmony.provider_gate g
    join harmony.kind k on g.provider = any (k.providers)
    where k.kind = p_kind
        and g.state <> 'closed';

    select array_agg(t.provider) into v_free
    from (
        select g.provider
        from harmony.provider_gate g
        where g.provider = any (v_all)
            and harmony.gate_is_free(g, p_job_id)
        order by g.provider
        for update skip locked
    ) t;
    if coalesce(cardinality(v_free), 0) < coalesce(cardinality(v_all), 0) then
        return false;
    end if;

    update harmony.provider_gate g
    set
        state = 'half_open',
        probe_job = p_job_id,
        probe_at = harmony.now()
    where g.provider = any (v_free);
    return true;
end
$$;

-- A gate whose trial is free: its last job has ended, or has been at it for half a minute.
create or replace function harmony.gate_is_free(g harmony.provider_gate, p_job_id bigint) returns boolean
language sql stable
as $$
    select g.probe_job is null
        or g.probe_job = p_job_id
        or g.probe_at < harmony.now() - interval '30 seconds'
        or (
            g.probe_at < harmony.now() - interval '2 seconds'
            and not exists (select from harmony.job l where l.job_id = g.probe_job and l.state = 'Processing'))
$$;

-- May one job of the kind try its providers now?
create or replace function harmony.is_on_trial(p_kind text) returns boolean
language sql stable
as $$
    select coalesce(bool_and(harmony.gate_is_free(g, null)), false)
    from harmony.provider_gate g
    join harmony.kind k on g.provider = any (k.providers)
    where k.kind = p_kind
        and g.state <> 'closed'
$$;

-- Of the tickets whose kinds are on trial the first goes through, the others are parked and named.
create or replace function harmony.turn_away_but_one(p_round harmony.ticket[], p_away bigint[], p_half text[]) returns bigint[]
language plpgsql
as $$
declare
    v_one harmony.ticket;
    v_parked bigint[] := '{}';
begin
    for v_one in
        select r.*
        from unnest(p_round) r
        where r.kind = any (p_half)
            and r.ticket_id <> all (p_away)
    loop
        continue when harmony.take_trial(v_one.job_id, v_one.kind);
        v_parked := v_parked || v_one.ticket_id;
    end loop;
    if cardinality(v_parked) > 0 then
        update hangfire.jobqueue q set queue = 'parked' where q.id = any (v_parked);
    end if;
    return v_parked;
end
$$;
