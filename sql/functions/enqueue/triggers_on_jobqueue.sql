-- Tickets of our jobs never stay in the queue default (queue_of_its_lane.sql).
-- Locks: SHARE ROW EXCLUSIVE on hangfire.jobqueue, only when this file has changed.
-- A start waits for writers, and they for it, half a second at a time.

create or replace trigger harmony_queue_of_its_lane before insert on hangfire.jobqueue
    for each row
    when (new.queue = 'default')
    execute function harmony.queue_of_its_lane();
