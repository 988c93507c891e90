-- Deals with tickets that must not start and names them: stale ones are dropped; tickets of blocked kinds go to the queue parked; kinds of
-- another version are snoozed for 60 seconds; a class that is no job of ours becomes a dead letter (foreign_job); a job that was started
-- three times without an outcome or a committed write, or ten times without an outcome, becomes a dead letter (crash_loop); a revived job whose key a live twin holds is discarded (superseded).
-- Locks, in this order: all waiting tickets of these jobs, by skip locked; then, for each job that ends here, by job id: its lock row, its
-- row in hangfire.job, its tickets (a fetch that holds one waits for nothing of this job), its timers, and its row in harmony.job. A job that has changed since its ticket was picked is left to the next round.

create or replace function harmony.turn_away(p_round harmony.ticket[], p_blocked text[], p_kinds text[]) returns bigint[]
language plpgsql
as $$
declare
    v_elder bigint[];
    v_stale bigint[];
    v_contested bigint[];
    v_parked bigint[];
    v_locked bigint[];
    v_away bigint[];
    v_one harmony.ticket;
begin
    select array_agg(q.id) into v_elder
    from (
        select x.id
        from hangfire.jobqueue x
        where x.jobid = any (array(select t.job_id from unnest(p_round) t))
            and x.fetchedat is null
        for update skip locked
    ) q;

    -- An older ticket makes a younger one stale, once this fetch has locked it: another fetch may be about to drop it.
    select
        array_agg(t.ticket_id) filter (where not e.has_elder or e.has_own_elder),
        array_agg(t.ticket_id) filter (where e.has_elder and not e.has_own_elder)
    into v_stale, v_contested
    from (
        select
            r.*,
            r.state is null
                or r.state not in ('Enqueued', 'Scheduled', 'Processing')
                or r.state = 'Processing' and exists (
                    select from hangfire.jobqueue q where q.jobid = r.job_id and q.id <> r.ticket_id and q.fetchedat is not null) as is_stale
        from unnest(p_round) r
    ) t
    cross join lateral (
        select
            not t.is_stale and count(*) > 0 as has_elder,
            coalesce(bool_or(q.id = any (v_elder)), false) as has_own_elder
        from hangfire.jobqueue q
        where q.jobid = t.job_id
            and q.id < t.ticket_id
            and q.fetchedat is null
    ) e
    where t.is_stale or e.has_elder;
    delete from hangfire.jobqueue q where q.id = any (v_stale);

    select array_agg(t.ticket_id) into v_parked
    from unnest(p_round) t
    where t.kind = any (p_blocked)
        and (v_stale is null or t.ticket_id <> all (v_stale))
        and (v_contested is null or t.ticket_id <> all (v_contested));
    if v_parked is not null then
        update hangfire.jobqueue q set queue = 'parked' where q.id = any (v_parked);
    end if;
    v_away := coalesce(v_stale, '{}') || coalesce(v_parked, '{}') || coalesce(v_contested, '{}');

    for v_one in
        select r.*
        from unnest(p_round) r
        where r.ticket_id <> all (v_away)
            and (r.kind <> all (p_kinds) or (r.state = 'Processing' and r.starts_in_a_row >= 3) or r.superseded)
        order by r.job_id
    loop
        v_locked := harmony.lock_jobs(array[v_one.job_id]);
        if cardinality(v_locked) = 1 then
            -- The job may have changed since its ticket was picked: then the next round looks at it again.
            perform from hangfire.job h where h.id = v_one.job_id and h.statename = v_one.state for update;
            if found then
                if v_one.superseded
                    and not (v_one.state = 'Processing' and v_one.starts_in_a_row >= 3)
                    and v_one.kind = any (p_kinds)
                    and harmony.retake_claim(v_one.job_id)
                then
                    perform harmony.unlock_jobs(v_locked);
                    continue;
                end if;
                perform harmony.end_unstarted(v_one, p_kinds);
            end if;
            perform harmony.unlock_jobs(v_locked);
        end if;
        v_away := v_away || v_one.ticket_id;
    end loop;
    return v_away;
end
$$;

-- Ends one job of turn_away, whose lock row the caller holds, without a run.
create or replace function harmony.end_unstarted(t harmony.ticket, p_kinds text[]) returns void
language plpgsql
as $$
declare
    v_now timestamptz := harmony.now();
    v_due timestamptz := harmony.now() + interval '60 seconds';
    v_class text;
    v_message text;
begin
    delete from hangfire.jobqueue q where q.jobid = t.job_id;
    delete from hangfire.set s where s.key = 'retries' and s.value = t.job_id::text;
    if t.state = 'Processing' and t.starts_in_a_row >= 3 then
        perform harmony.write_states(
            array[t.job_id], 'Failed', array['Crash loop: started again and again without an outcome'],
            array[jsonb_build_object(
                'FailedAt', harmony.millis(v_now), 'ExceptionType', 'Harmony.Orchestrator.CrashLoop',
                'ExceptionMessage', 'The process died each time it ran this job: three times in a row, or ten times although the job had made progress.',
                'ExceptionDetails', 'The process died each time it ran this job: three times in a row, or ten times although the job had made progress.', 'ReasonCode', 'crash_loop')],
            null);
        perform harmony.count_stats('failed', 1, false);
        return;
    end if;

    select h.invocationdata ->> 'Type' into v_class from hangfire.job h where h.id = t.job_id;
    if t.kind <> all (p_kinds) and v_class is distinct from null and v_class not like 'Harmony.Orchestrator.JobEntry,%' then
        v_message := format(
            'The queue %s runs only Harmony''s own jobs, and %s is not one of them. Enqueue it to a queue of HANGFIRE_QUEUES, for example default.',
            t.queue, v_class);
        perform harmony.write_states(
            array[t.job_id], 'Failed', array['Refused: this queue runs only Harmony''s own jobs'],
            array[jsonb_build_object(
                'FailedAt', harmony.millis(v_now), 'ExceptionType', 'Harmony.Orchestrator.ForeignJob',
                'ExceptionMessage', v_message, 'ExceptionDetails', v_message, 'ReasonCode', 'foreign_job')],
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

-- A revived job takes its key again unless a live twin holds it. True: it may run.
create or replace function harmony.retake_claim(p_job_id bigint) returns boolean
language plpgsql
as $$
begin
    update harmony.job l
    set claim = l.unique_key
    where l.job_id = p_job_id
        and l.claim is null
        and not exists (
            select from harmony.kind k where k.kind = l.kind and k.unique_until = 'started');
    return not exists (
        select
        from harmony.job l
        join harmony.job twin on twin.kind = l.kind and twin.claim = l.unique_key and twin.job_id <> l.job_id
        where l.job_id = p_job_id);
exception when unique_violation then
    return false;
end
$$;
