-- No fetching through SQL.
drop function harmony.progress, harmony.once, harmony.hold, harmony.renew, harmony.start, harmony.end_unstarted,
    harmony.retake_claim, harmony.turn_away, harmony.take, harmony.fetch, harmony.busy_lanes, harmony.pick,
    harmony.count_stats, harmony.write_states, harmony.unlock_jobs, harmony.lock_jobs, harmony.rate_left, harmony.blocked_kinds;
drop type harmony.ticket;
