-- Searches wait for their answers again, whatever becomes of their job.
drop trigger search_follows_job on harmony.job;
drop function public.search_follows_job();
update public.release_searches set state = 'waiting', error = null where state = 'failed';
alter table public.release_searches drop constraint release_searches_error_check;
alter table public.release_searches drop constraint release_searches_state_check;
alter table public.release_searches drop column error;
alter table public.release_searches add constraint release_searches_state_check
    check (state in ('waiting', 'running', 'done'));
