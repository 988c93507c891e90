-- A requeue click on a waiting job leaves it two tickets. The one that nobody had fetched outlived a snooze or a park and
-- started the job at once; a job that an older version put off kept its mark of a waiting retry.

-- Answers per run: ok; lost (the run no longer held it: nothing was written); locked (a click is changing it: try again).
-- Whoever holds the job holds the only ticket that means anything: all others go with it.
create or replace function harmony.finish_many(p_server text, p_results jsonb) returns table (job_id bigint, answer text)
language plpgsql
as $$
#variable_conflict use_column
declare
    v_now timestamptz := harmony.now();
    v_all harmony.outcome[];
    v_ok harmony.outcome[];
    v_locked bigint[];
    v_key text;
begin
    select array_agg(x order by x.j) into v_all
    from jsonb_populate_recordset(null::harmony.outcome, p_results) x;
    if v_all is null then
        return;
    end if;

    -- A wake and the park it wakes exclude each other by this lock; keys in order, so that two servers cannot deadlock.
    for v_key in select distinct x.k from unnest(v_all) x where x.o = 'parked' order by 1 loop
        perform pg_advisory_xact_lock(hashtextextended('harmony.wake:' || v_key, 0));
    end loop;

    -- A fetch takes tickets first and locks afterwards; so do we, or a late end and a takeover would wait for each other.
    perform q.id
    from hangfire.jobqueue q
    where q.jobid in (select x.j from unnest(v_all) x)
    order by q.id
    for update;

    v_locked := harmony.lock_jobs((select array_agg(x.j) from unnest(v_all) x));
    perform h.id
    from hangfire.job h
    where h.id = any (v_locked)
    order by h.id
    for update;

    select array_agg(x order by x.j) into v_ok
    from unnest(v_all) x
    join hangfire.job h on h.id = x.j
    where x.j = any (v_locked)
        and h.stateid = x.f
        and h.statename = 'Processing';

    if v_ok is not null then
        perform harmony.finish_done(v_ok, v_now);
        perform harmony.finish_later(v_ok, v_now, p_server);
        perform harmony.finish_dead(v_ok, v_now, p_server);
        perform harmony.finish_returned(v_ok, v_now);
        perform harmony.gate_outcomes(v_ok);
        delete from hangfire.jobqueue q
        using unnest(v_ok) x
        where q.jobid = x.j
            and (q.id <> x.t or x.o <> 'returned');
    end if;
    perform harmony.unlock_jobs(v_locked);

    return query
    select
        x.j,
        case
            when ok.j is not null then 'ok'
            when x.j = any (v_locked) then 'lost'
            else 'locked'
        end
    from unnest(v_all) x
    left join unnest(v_ok) ok on ok.f = x.f;
end
$$;

create or replace function harmony.end_unstarted(t harmony.ticket, p_kinds text[]) returns void
language plpgsql
as $$
declare
    v_now timestamptz := harmony.now();
    v_due timestamptz := harmony.now() + interval '60 seconds';
begin
    delete from hangfire.jobqueue q where q.jobid = t.job_id;
    delete from hangfire.set s where s.key = 'retries' and s.value = t.job_id::text;
    if t.state = 'Processing' and t.starts_in_a_row >= 3 then
        perform harmony.write_states(
            array[t.job_id], 'Failed', array['Crash loop: started three times without an outcome'],
            array[jsonb_build_object(
                'FailedAt', harmony.millis(v_now), 'ExceptionType', 'Harmony.Orchestrator.CrashLoop',
                'ExceptionMessage', 'The process died three times while it ran this job.',
                'ExceptionDetails', 'The process died three times while it ran this job.', 'ReasonCode', 'crash_loop')],
            null);
        perform harmony.count_stats('failed', 1, false);
    elsif t.kind <> all (p_kinds) then
        perform harmony.write_states(
            array[t.job_id], 'Scheduled', array[format('Snoozed: this version does not know the kind %s', t.kind)],
            array[jsonb_build_object('EnqueueAt', harmony.millis(v_due), 'ScheduledAt', harmony.millis(v_now))],
            null);
        insert into hangfire.set (key, score, value)
        values ('schedule', ceil(extract(epoch from v_due)), t.queue || ':' || t.job_id)
        on conflict (key, value) do update set score = excluded.score;
    else
        perform harmony.write_states(
            array[t.job_id], 'Deleted', array['Superseded: a live job holds the same key'],
            array[jsonb_build_object('DeletedAt', harmony.millis(v_now), 'ReasonCode', 'superseded')],
            interval '24 hours');
        perform harmony.count_stats('deleted', 1, true);
    end if;
end
$$;
