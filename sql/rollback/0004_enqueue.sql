-- No enqueueing from SQL.
drop function harmony.wake, harmony.enqueue, harmony.enqueue_many, harmony.notify_if_idle, harmony.queue_of, harmony.key_of;
