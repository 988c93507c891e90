-- The poller of transfers is enqueued again after a crash loop, while any transfer goes on: a fleet that is killed three times in a row must
-- not leave it a dead letter. It waits ten seconds, so that a poller that does end its process does not do it without end in a hurry. Locks:
-- those of enqueue/enqueue.sql.

create or replace function public.poller_comes_back() returns trigger
language plpgsql
as $$
begin
    if new.state = 'Failed'
        and new.reason_code = 'crash_loop'
        and exists (select from public.downloads d where d.stage in ('requested', 'transferring') and d.state = 'downloading')
    then
        perform harmony.enqueue('transfer_poll', '{}', priority => new.priority, run_at => harmony.now() + interval '10 seconds');
    end if;
    return null;
end
$$;
