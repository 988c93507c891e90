-- A refusal without a time closes the gate for the same half hour each time.
drop function harmony.gate_block_guessed;
alter table harmony.provider_gate drop column guesses;
