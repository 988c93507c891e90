-- Every look begins at the beginning.
-- again: 0029_breaker harmony.fetch harmony.unpark
-- again: 0030_fair_share harmony.shares harmony.pick
drop function harmony.busy_among, harmony.find_heads, harmony.head_of;
drop table harmony.queue_head;
