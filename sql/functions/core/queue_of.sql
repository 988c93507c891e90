-- The queue of a job: its lane, and _a above, _b at or _c below the default priority of its kind, so that the order of the alphabet is the
-- order of priority. Takes no lock.

create or replace function harmony.queue_of(p_lane text, p_priority integer, p_default integer) returns text
language sql immutable
as $$
    select p_lane || case
        when p_priority > p_default then '_a'
        when p_priority < p_default then '_c'
        else '_b'
    end
$$;
