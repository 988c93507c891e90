-- A poller that ended as a dead letter waits for the next download or the sweep again.
drop trigger poller_comes_back on harmony.job;
drop function public.poller_comes_back();
