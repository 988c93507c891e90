-- No finishing through SQL.
drop function harmony.rescue, harmony.release_due, harmony.finish_returned, harmony.finish_dead, harmony.finish_later,
    harmony.failed_data, harmony.write_states_counted, harmony.finish_done, harmony.finish_many;
drop type harmony.outcome;
