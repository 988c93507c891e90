-- A search whose job ends without answers is failed, and the downloads that wait for it are woken: they ask again or fail. Locks: the row of
-- public.release_searches; then those of enqueue/wake.sql.

create or replace function public.search_follows_job() returns trigger
language plpgsql
as $$
declare
    v_id bigint := case when new.args ->> 'search_id' ~ '^[0-9]{1,18}$' then (new.args ->> 'search_id')::bigint end;
begin
    if (new.state = 'Failed' or (new.state = 'Deleted' and new.reason_code is distinct from 'superseded')) is not true then
        return null;
    end if;
    update public.release_searches s
    set
        state = 'failed',
        error = coalesce(left(new.last_error, 2000), new.reason_code, 'no reason given'),
        updated_at = harmony.now()
    where s.id = v_id
        and s.state in ('waiting', 'running');
    if found then
        perform harmony.wake('search:' || v_id);
    end if;
    return null;
end
$$;
