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

create or replace trigger harmony_keep_schedule
    before insert or update on hangfire.set
    for each row
    when (new.key = 'recurring-jobs' and new.score >= 0)
    execute function harmony.keep_schedule_ours();
