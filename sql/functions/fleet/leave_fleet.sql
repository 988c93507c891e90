-- A server that stops removes itself. Locks: its row in hangfire.server.

create or replace function harmony.leave_fleet(p_server text) returns void
language sql
as $$
    delete from hangfire.server s where s.id = p_server
$$;
