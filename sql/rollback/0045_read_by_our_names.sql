-- Readers name Hangfire's schema themselves.
drop function harmony.tickets, harmony.timers, harmony.stored_jobs, harmony.ledger_is_kept;
