-- Back to jobs without titles, and to Hangfire's other users left alone.
drop trigger harmony_queue_of_its_lane on hangfire.jobqueue;
drop trigger harmony_name_music_job on harmony.job;
drop function harmony.queue_of_its_lane(), public.name_music_job(), harmony.set_title(bigint, bigint, text), harmony.enqueue_timer(bigint), harmony.ready_continuations(integer), harmony.try_bigint(text);
-- again: 0003_ledger harmony.adopt
alter table harmony.job drop column title;
