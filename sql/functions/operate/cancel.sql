-- Any job that has not ended becomes Deleted. A run in progress loses its job: it can write nothing from then on, and learns it at its next
-- renewal, for which a NOTIFY is sent. Answers: cancelled, busy, already_ended, not_found.
-- Locks: those of move_job.sql. The call is recorded.

create or replace function harmony.cancel(p_job_id bigint) returns text
language plpgsql
as $$
declare
    v_moved boolean;
begin
    if not exists (select from hangfire.job h where h.id = p_job_id) then
        return 'not_found';
    end if;
    v_moved := harmony.move_job(
        p_job_id, array['Enqueued', 'Scheduled', 'Processing', 'Awaiting', 'Failed'], 'Deleted', 'Cancelled by ' || harmony.actor(),
        jsonb_build_object('DeletedAt', harmony.millis(harmony.now()), 'ReasonCode', 'cancelled'), interval '24 hours');
    if v_moved then
        perform harmony.record_action('cancel', p_job_id::text, null, 1, false);
        perform pg_notify('harmony_control', 'cancel');
    end if;
    return case when v_moved then 'cancelled' when v_moved is null then 'busy' else 'already_ended' end;
end
$$;
