-- The picked tickets and their jobs in one statement again.
-- again: 0005_run harmony.take
drop function harmony.starts_without_outcome;
