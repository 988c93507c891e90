-- Each lane is locked when its turn comes, and parked kinds at once.
drop function harmony.note_parked(text[]);
-- again: 0029_breaker harmony.park harmony.turn_away_but_one
-- again: 0042_fewer_statements harmony.turn_away harmony.fetch
