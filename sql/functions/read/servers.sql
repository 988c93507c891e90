-- The servers that have announced themselves, with their last heartbeat. Takes no lock.

create or replace function harmony.servers() returns table (
    id text, queues text, workers integer, started_at timestamptz, heartbeat timestamptz)
language sql stable
as $$
    select
        s.id,
        array_to_string(array(select jsonb_array_elements_text(s.data -> 'Queues')), ', '),
        (s.data ->> 'WorkerCount')::integer,
        harmony.state_time(s.data ->> 'StartedAt'),
        s.lastheartbeat
    from hangfire.server s
    order by s.id
$$;
