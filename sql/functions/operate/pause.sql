-- Pauses a lane, a kind, a provider or a schedule, until a time or until harmony.resume. What runs goes on to its end; a fetch that begins after
-- the commit starts nothing of it. Pausing twice changes reason and end.
-- Locks: the row of harmony.pause. The call is recorded.

create or replace function harmony.pause(p_scope text, p_name text, p_reason text default null, p_until timestamptz default null)
returns void
language sql
as $$
    insert into harmony.pause (scope, name, reason, paused_by, until)
    values (p_scope, p_name, p_reason, harmony.actor(), p_until)
    on conflict (scope, name) do update set
        reason = excluded.reason,
        paused_by = excluded.paused_by,
        paused_at = harmony.now(),
        until = excluded.until;
    select harmony.record_action(
        'pause', p_scope || ':' || p_name, jsonb_strip_nulls(jsonb_build_object('reason', p_reason, 'until', p_until)), 1, false);
$$;
