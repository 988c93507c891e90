-- Removes the engine's own tables; Hangfire's stay.
drop index hangfire.harmony_jobqueue_waiting;
drop index hangfire.harmony_jobqueue_fetched;
drop schema harmony cascade;
