-- Who acts: the application names its user per transaction, otherwise the database user.
create or replace function harmony.actor() returns text
language sql stable
as $$
    select coalesce(nullif(current_setting('harmony.actor', true), ''), session_user)
$$;
