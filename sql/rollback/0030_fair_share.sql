-- First come, first served, in lanes with a rate too.
-- again: 0005_run harmony.pick harmony.start
drop function harmony.place_in_line, harmony.shares, harmony.band_weight;
alter table harmony.rate_use drop column band;
