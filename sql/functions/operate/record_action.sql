-- Appends what an operator did to harmony.operator_action, under the name that harmony.actor() gives. Takes no lock.

create or replace function harmony.record_action(p_action text, p_target text, p_detail jsonb, p_affected integer, p_dry_run boolean)
returns void
language sql
as $$
    insert into harmony.operator_action (actor, action, target, detail, affected, dry_run)
    values (harmony.actor(), p_action, p_target, coalesce(p_detail, '{}'), p_affected, p_dry_run)
$$;
