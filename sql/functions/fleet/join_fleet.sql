-- A server announces itself. All members of a fleet share one lease: another lease is refused while other members are alive, and becomes the
-- fleet's when none is. Servers silent for five minutes are removed.
-- Locks, in this order: the row of harmony.fleet; rows of hangfire.server.

create or replace function harmony.join_fleet(p_server text, p_lease_seconds integer, p_data jsonb) returns void
language plpgsql
as $$
declare
    v_lease integer;
begin
    select f.lease_seconds into v_lease from harmony.fleet f for update;
    delete from hangfire.server s where s.lastheartbeat < harmony.now() - interval '5 minutes';
    if v_lease <> p_lease_seconds then
        if exists (
            select from hangfire.server s
            where s.lastheartbeat > harmony.now() - make_interval(secs => 2 * greatest(v_lease, 15)))
        then
            raise exception 'ORCH_VISIBILITY_TIMEOUT_S is % here, but the running fleet uses %', p_lease_seconds, v_lease
                using errcode = '55000', hint = 'set the same value everywhere, or stop the other processes first';
        end if;
        update harmony.fleet set lease_seconds = p_lease_seconds;
    end if;

    insert into hangfire.server (id, data, lastheartbeat)
    values (p_server, harmony.up_since_now(p_data), harmony.now())
    on conflict (id) do update set data = excluded.data, lastheartbeat = excluded.lastheartbeat;
end
$$;

-- The server's own clock may be wrong; what the fleet decides by is when it joined.
create or replace function harmony.up_since_now(p_data jsonb) returns jsonb
language sql volatile
as $$
    select p_data || jsonb_build_object('StartedAt', to_char(harmony.now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
$$;
