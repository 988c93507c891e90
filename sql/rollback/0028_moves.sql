-- Kinds leave their jobs behind again; nobody changes a priority.
-- again: 0007_operate harmony.move_job harmony.requeue harmony.sync_kinds
drop function harmony.set_priority, harmony.follow_lane, harmony.follow_queue, harmony.holds_tickets;
