-- The ledger stops following; what it holds goes with 0002.
drop trigger harmony_follow_state on hangfire.state;
drop function harmony.follow_state, harmony.adopt, harmony.ensure_partitions, harmony.millis, harmony.state_time, harmony.try_jsonb, harmony.actor;
