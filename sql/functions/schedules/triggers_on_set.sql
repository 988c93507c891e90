-- Our schedules keep their score in Hangfire's recurring set (keep_schedule_ours.sql).
-- Locks: SHARE ROW EXCLUSIVE on hangfire.set, only when this file has changed.
-- A start waits for writers, and they for it, half a second at a time.

create or replace trigger harmony_keep_schedule
    before insert or update on hangfire.set
    for each row
    when (new.key = 'recurring-jobs' and new.score >= 0)
    execute function harmony.keep_schedule_ours();
