-- Above, at or below the default priority of the kind: the queue's name keeps even alphabetical order right.
create or replace function harmony.queue_of(p_lane text, p_priority integer, p_default integer) returns text
language sql immutable
as $$
    select p_lane || case
        when p_priority > p_default then '_a'
        when p_priority < p_default then '_c'
        else '_b'
    end
$$;
