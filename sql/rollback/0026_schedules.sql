-- Schedules by interval only; what was written for Hangfire's dashboard goes.
drop trigger harmony_keep_schedule on hangfire.set;
delete from hangfire.set s using harmony.schedule x where s.key = 'recurring-jobs' and s.value = x.schedule;
delete from hangfire.hash h using harmony.schedule x where h.key = 'recurring-job:' || x.schedule;
drop function harmony.keep_schedule_ours, harmony.cron_of, harmony.show_schedules, harmony.sync_schedules, harmony.last_slot,
    harmony.miss, harmony.trigger_schedule, harmony.start_schedule, harmony.fire;
-- again: 0007_operate harmony.fire
delete from harmony.pause where scope = 'schedule';
alter table harmony.pause drop constraint pause_scope_check;
alter table harmony.pause add constraint pause_scope_check check (scope in ('lane', 'kind', 'provider'));
alter table harmony.schedule_slot drop column outcome;
alter table harmony.schedule drop column next_at, drop column words, drop column since;
