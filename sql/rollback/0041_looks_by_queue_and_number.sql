-- Tickets are looked for as the planner sees fit.
drop function harmony.pick(text, integer, bigint, bigint[]);
alter table harmony.queue_head drop column next_id;
-- again: 0002_engine_tables harmony.now
-- again: 0004_enqueue harmony.notify_if_idle
-- again: 0040_heads harmony.head_of harmony.busy_among harmony.pick harmony.shares harmony.find_heads
