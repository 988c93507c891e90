-- harmony.now() is the clock of everything the engine decides: leases, due times, slots. It is the clock of the database plus
-- harmony.fleet.clock_shift, which only harmony.shift_clock sets, and only in a test database. Takes no lock.

create or replace function harmony.now() returns timestamptz
language plpgsql
as $$
begin
    return clock_timestamp() + (select f.clock_shift from harmony.fleet f);
end
$$;

-- A test database can live in another hour; a real one cannot.
create or replace function harmony.shift_clock(p_shift interval) returns void
language plpgsql
as $$
begin
    if current_database() not like 'harmony\_test%' then
        raise exception 'the clock of % cannot be shifted: it is not a test database', current_database();
    end if;
    update harmony.fleet set clock_shift = p_shift;
end
$$;

-- Stable, as what it calls is: only so can the planner put it in line.
create or replace function harmony.millis(p_at timestamptz) returns text
language sql stable
as $$
    select floor(extract(epoch from p_at) * 1000)::bigint::text
$$;

-- Times in state data are unix milliseconds as text, or ISO from members at an older compatibility level.
create or replace function harmony.state_time(p_text text) returns timestamptz
language plpgsql stable
as $$
begin
    if p_text ~ '^[0-9]{1,15}$' then
        return case
            when p_text::bigint > 253402300799 then to_timestamp(p_text::bigint / 1000.0)
            else to_timestamp(p_text::bigint)
        end;
    end if;
    return p_text::timestamptz;
exception when others then
    return null;
end
$$;
