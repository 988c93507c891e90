-- Stacks are seen in the database only.
drop function harmony.error_in_full;
