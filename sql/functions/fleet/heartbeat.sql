-- Says that a server is alive; one that was declared dead comes back under its own name. Locks: its row in hangfire.server.

create or replace function harmony.heartbeat(p_server text, p_data jsonb) returns void
language sql
as $$
    insert into hangfire.server (id, data, lastheartbeat)
    values (p_server, harmony.up_since_now(p_data), harmony.now())
    on conflict (id) do update set lastheartbeat = excluded.lastheartbeat;
$$;
