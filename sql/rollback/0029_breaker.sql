-- Gates only by the providers' own word, and nobody tries alone.
-- again: 0005_run harmony.turn_away
-- again: 0006_finish harmony.finish_many harmony.rescue
-- again: 0007_operate harmony.gate_block harmony.gate_reset
-- again: 0025_third_start_alone harmony.fetch
drop function harmony.gate_outcomes, harmony.gate_failure, harmony.turn_away_but_one, harmony.take_trial, harmony.is_on_trial,
    harmony.gate_is_free, harmony.unpark, harmony.park, harmony.half_open_kinds;
drop table harmony.parked_kind;
update harmony.provider_gate set state = 'open' where state = 'half_open';
alter table harmony.provider_gate
    drop column probe_job,
    drop column probe_at;
