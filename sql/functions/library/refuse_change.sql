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
