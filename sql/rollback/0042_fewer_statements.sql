-- Every round looks at everything.
drop function harmony.write_states(bigint[], text, text[], jsonb[], interval);
drop function harmony.fetch(text, text[], text[], integer[], integer, bigint);
drop function harmony.start(text, harmony.ticket[]);
drop function harmony.are_plain(harmony.ticket[], text[], text[], text[]);
-- again: 0003_ledger harmony.millis
-- again: 0005_run harmony.blocked_kinds harmony.lock_jobs harmony.unlock_jobs harmony.count_stats harmony.write_states harmony.renew
-- again: 0006_finish harmony.write_states_counted harmony.finish_done harmony.finish_dead
-- again: 0024_take_sees_what_it_picked harmony.take
-- again: 0029_breaker harmony.half_open_kinds
-- again: 0030_fair_share harmony.start
-- again: 0034_tickets_end_with_their_job harmony.finish_many
-- again: 0036_turned_away_as_it_is_now harmony.turn_away
-- again: 0040_heads harmony.fetch
