-- Third starts among the others again.
-- again: 0005_run harmony.fetch
-- again: 0007_operate harmony.join_fleet harmony.heartbeat
drop function harmony.hold_back, harmony.up_since_now, harmony.is_settled;
