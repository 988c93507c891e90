-- A job says what it is about, in every list.
alter table harmony.job add column title text;
