-- Who acts: the application names its user with set_config('harmony.actor', …, true), otherwise it is the database user. Takes no lock.

create or replace function harmony.actor() returns text
language sql stable
as $$
    select coalesce(nullif(current_setting('harmony.actor', true), ''), session_user)
$$;
