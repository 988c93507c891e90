-- Every new state row of Hangfire's reaches the ledger (follow_state.sql).
-- Locks: SHARE ROW EXCLUSIVE on hangfire.state, only when this file has changed.
-- A start waits for writers, and they for it, half a second at a time.

create or replace trigger harmony_follow_state
    after insert on hangfire.state
    referencing new table as new_states
    for each statement execute function harmony.follow_state();
