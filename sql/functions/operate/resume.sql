-- Ends a pause, and brings back what was parked because of it; false when there was none.
-- Locks: the row of harmony.pause; then those of fetch/rescue.sql. The call is recorded, and one NOTIFY sent.

create or replace function harmony.resume(p_scope text, p_name text) returns boolean
language plpgsql
as $$
begin
    delete from harmony.pause p where p.scope = p_scope and p.name = p_name;
    if not found then
        return false;
    end if;
    perform harmony.record_action('resume', p_scope || ':' || p_name, null, 1, false);
    perform harmony.rescue(10000);
    perform pg_notify('new_job', '');
    return true;
end
$$;
