-- Only dead letters are counted by the day.
delete from hangfire.counter where key like 'stats:failed\_runs:%';
delete from hangfire.aggregatedcounter where key like 'stats:failed\_runs:%';
drop function harmony.day_figures(integer);
-- again: 0043_states_followed_by_key harmony.follow_state
-- again: 0047_operator_view harmony.day_figures
