-- Keeps the score of our schedules in Hangfire's recurring set at -1: "Trigger now" in Hangfire's dashboard writes the next execution as score,
-- and Hangfire's own scheduler would then fire beside us. Takes no lock.

create or replace function harmony.keep_schedule_ours() returns trigger
language plpgsql
as $$
begin
    if exists (select from harmony.schedule s where s.schedule = new.value) then
        new.score := -1;
    end if;
    return new;
end
$$;
