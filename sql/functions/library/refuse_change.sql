-- Rows of an audit stay as they were written: updates and deletes raise. Only retention, which sets harmony.retention to on, may delete old
-- ones. Takes no lock.

create or replace function public.refuse_change() returns trigger
language plpgsql as
$$
begin
    if tg_op = 'DELETE' and current_setting('harmony.retention', true) = 'on' then
        return old;
    end if;
    raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end
$$;

create or replace trigger artist_audit_append_only before update or delete on public.artist_audit
    for each row execute function public.refuse_change();
create or replace trigger settings_history_append_only before update or delete on public.settings_history
    for each row execute function public.refuse_change();
