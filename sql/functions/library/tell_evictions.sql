-- A commit that changes an artist or a release tells every API process to forget the answers it keeps about that artist (NOTIFY harmony_evict).
-- Each key once per statement, and PostgreSQL sends a payload once per transaction; more than fifty keys, or one that is too long to be sent,
-- are '*': everything.
-- A caller that sends by hand puts '!' before the key. NOTIFY takes a lock of the whole server at commit: artists and releases change rarely;
-- downloads do not count.

create or replace function public.tell_evictions() returns trigger
language plpgsql
as $$
declare
    keys text[];
begin
    if tg_op = 'INSERT' then
        keys := array(select distinct n.artist_key from new_rows n limit 51);
    elsif tg_op = 'UPDATE' then
        keys := array(select n.artist_key from new_rows n union select o.artist_key from old_rows o limit 51);
    elsif tg_op = 'DELETE' then
        keys := array(select distinct o.artist_key from old_rows o limit 51);
    else
        keys := array['*'];
    end if;
    if cardinality(keys) > 50 or exists (select from unnest(keys) k where octet_length(k) > 1000) then
        keys := array['*'];
    end if;
    perform pg_notify('harmony_evict', k)
    from unnest(keys) k;
    return null;
end
$$;
