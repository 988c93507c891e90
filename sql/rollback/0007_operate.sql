-- No operator functions.
drop function harmony.shift_clock, harmony.expire, harmony.fire, harmony.servers, harmony.leave_fleet, harmony.heartbeat,
    harmony.join_fleet, harmony.sync_kinds, harmony.gate_reset, harmony.gate_block, harmony.resume, harmony.pause,
    harmony.run_now, harmony.cancel, harmony.purge, harmony.requeue, harmony.matching_dead, harmony.move_job,
    harmony.clear_waiting, harmony.record_action;
