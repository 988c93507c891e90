-- Jobs say what they are about, and jobs of Hangfire's other users run beside ours.

alter table harmony.job add column title text;

create function harmony.set_title(p_job_id bigint, p_fence bigint, p_title text) returns void
language sql
as $$
    update harmony.job l
    set title = left(p_title, 200)
    where l.job_id = p_job_id
        and l.state_id = p_fence
        and l.title is distinct from left(p_title, 200)
$$;

create function public.name_music_job() returns trigger
language plpgsql
as $$
begin
    new.title := case
        when new.kind in ('artist_sync', 'artist_refresh', 'artist_scan') then coalesce(
            (select a.name from public.artists a where a.artist_key = new.args ->> 'artist_key'),
            (select w.name from public.watchlist_artists w where w.artist_key = new.args ->> 'artist_key'),
            new.args ->> 'artist_key')
        when new.kind = 'search' then (
            select s.query from public.release_searches s where s.id::text = new.args ->> 'search_id')
        when new.kind in ('download', 'metadata', 'artwork', 'lyrics') then (
            select d.artist || ' — ' || d.title from public.downloads d where d.id::text = new.args ->> 'download_id')
        when new.kind = 'backfill' then new.args ->> 'backfill_id'
    end;
    new.title := left(new.title, 200);
    return new;
end
$$;

create trigger harmony_name_music_job
before insert on harmony.job
for each row
when (new.title is null and new.kind in ('artist_sync', 'artist_refresh', 'artist_scan', 'search', 'download', 'metadata', 'artwork', 'lyrics', 'backfill'))
execute function public.name_music_job();

-- Text that a client wrote, as a number; null where it is none.
create function harmony.try_bigint(p_text text) returns bigint
language sql immutable
as $$
    select case when p_text ~ '^[0-9]{1,18}$' then p_text::bigint end
$$;

-- Continuations of our jobs whose parent has ended. Hangfire starts the others in a filter of its own.
create function harmony.ready_continuations(p_limit integer) returns table (child bigint, parent_state text, next_state text, options text)
language sql stable
as $$
    select
        h.id,
        p.state,
        s.data ->> 'NextState',
        s.data ->> 'Options'
    from hangfire.job h
    join hangfire.state s on s.id = h.stateid
    join harmony.job p on p.job_id = harmony.try_bigint(s.data ->> 'ParentId')
    where h.statename = 'Awaiting'
        and p.lane is not null
        and p.state in ('Succeeded', 'Deleted')
    order by h.id
    limit p_limit
$$;

create or replace function harmony.adopt(p_job_ids bigint[]) returns void
language sql
as $$
    insert into harmony.job (job_id, kind, lane, queue, args, priority, max_retries, requested_by, created_at, title)
    select
        h.id,
        coalesce(k.kind, named.kind, h.invocationdata ->> 'Method', 'foreign'),
        k.lane,
        case when k.lane is not null and coalesce(h.invocationdata ->> 'Queue', 'default') = 'default'
            then harmony.queue_of(k.lane, 0, 0)
            else h.invocationdata ->> 'Queue'
        end,
        case when jsonb_typeof(named.args) = 'object' then named.args else '{}' end,
        coalesce(k.default_priority, 50),
        coalesce(k.max_retries, 10),
        harmony.actor(),
        h.createdat,
        case when named.kind is null
            then left(substring(h.invocationdata ->> 'Type' from '([^.,]+)(?:,|$)') || '.' || (h.invocationdata ->> 'Method'), 200)
        end
    from hangfire.job h
    cross join lateral (
        select
            case when h.invocationdata ->> 'Type' like 'Harmony.Orchestrator.JobEntry,%'
                then harmony.try_jsonb(h.arguments ->> 0) #>> '{}' end as kind,
            case when h.invocationdata ->> 'Type' like 'Harmony.Orchestrator.JobEntry,%'
                then harmony.try_jsonb(harmony.try_jsonb(h.arguments ->> 1) #>> '{}') end as args
    ) named
    left join harmony.kind k on k.kind = named.kind
    where h.id = any (p_job_ids)
    on conflict (job_id) do nothing
$$;

-- A client that names no queue puts a job of ours into 'default': its ticket goes to the queue of its lane.
create function harmony.queue_of_its_lane() returns trigger
language plpgsql
as $$
declare
    v_queue text;
begin
    select l.queue into v_queue from harmony.job l where l.job_id = new.jobid and l.lane is not null;
    if v_queue is not null then
        new.queue := v_queue;
        update hangfire.job h
        set invocationdata = h.invocationdata || jsonb_build_object('Queue', v_queue)
        where h.id = new.jobid
            and h.invocationdata ->> 'Queue' is distinct from v_queue;
        perform pg_notify('new_job', '');
    end if;
    return new;
end
$$;

create trigger harmony_queue_of_its_lane
before insert on hangfire.jobqueue
for each row
when (new.queue = 'default')
execute function harmony.queue_of_its_lane();

create or replace function harmony.release_due(p_limit integer) returns integer
language plpgsql
as $$
declare
    v_released integer;
    v_job bigint;
begin
    with due as materialized (
        select s.id
        from hangfire.set s
        where s.key = 'schedule'
            and s.score <= extract(epoch from harmony.now())
            and s.value ~ '^[a-z0-9_-]+:[0-9]{1,18}$'
        order by s.score
        limit p_limit
        for update skip locked
    ),
    gone as (
        delete from hangfire.set s
        using due d
        where s.id = d.id
        returning s.value
    )
    insert into hangfire.jobqueue (jobid, queue)
    select split_part(g.value, ':', 2)::bigint, split_part(g.value, ':', 1)
    from gone g;
    get diagnostics v_released = row_count;

    -- A timer without a queue is of a client that named none: its job goes to Enqueued, as Hangfire's own scheduler would do it.
    for v_job in
        select s.value::bigint
        from hangfire.set s
        where s.key = 'schedule'
            and s.score <= extract(epoch from harmony.now())
            and s.value ~ '^[0-9]{1,18}$'
        order by s.score
        limit p_limit
    loop
        if harmony.enqueue_timer(v_job) then
            v_released := v_released + 1;
        end if;
    end loop;

    if v_released > 0 then
        perform pg_notify('new_job', '');
    end if;
    return v_released;
end
$$;

-- Moves one scheduled job without a queue on; false when another process or a click has it.
create function harmony.enqueue_timer(p_job_id bigint) returns boolean
language plpgsql
as $$
declare
    v_locked bigint[] := harmony.lock_jobs(array[p_job_id]);
    v_queue text;
    v_state text;
begin
    if cardinality(v_locked) = 0 then
        return false;
    end if;
    delete from hangfire.set s where s.key = 'schedule' and s.value = p_job_id::text;
    if found then
        select h.statename, coalesce(l.queue, h.invocationdata ->> 'Queue', 'default')
        into v_state, v_queue
        from hangfire.job h
        left join harmony.job l on l.job_id = h.id
        where h.id = p_job_id
        for update of h;
    end if;
    if v_state = 'Scheduled' then
        perform harmony.write_states(
            array[p_job_id], 'Enqueued', array['Its time has come'],
            array[jsonb_build_object('EnqueuedAt', harmony.millis(harmony.now()), 'Queue', v_queue)], null);
        insert into hangfire.jobqueue (jobid, queue) values (p_job_id, v_queue);
    end if;
    perform harmony.unlock_jobs(v_locked);
    return v_state is not distinct from 'Scheduled';
end
$$;

-- A job that may not start: a crash loop, a class that is not ours, a kind this version does not know, or a key a live twin holds.
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
            array[t.job_id], 'Failed', array['Crash loop: started three times without an outcome'],
            array[jsonb_build_object(
                'FailedAt', harmony.millis(v_now), 'ExceptionType', 'Harmony.Orchestrator.CrashLoop',
                'ExceptionMessage', 'The process died three times while it ran this job.',
                'ExceptionDetails', 'The process died three times while it ran this job.', 'ReasonCode', 'crash_loop')],
            null);
        perform harmony.count_stats('failed', 1, false);
        return;
    end if;

    select h.invocationdata ->> 'Type' into v_class from hangfire.job h where h.id = t.job_id;
    if t.kind <> all (p_kinds) and v_class is distinct from null and v_class not like 'Harmony.Orchestrator.JobEntry,%' then
        v_message := format(
            'The queue %s belongs to Harmony and runs only its own jobs; %s is none. Enqueue it to a queue of HANGFIRE_QUEUES, for example default.',
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

-- The interval as Hangfire's own page can parse it; a day is midnight in UTC.
create or replace function harmony.cron_of(p_expression text) returns text
language sql immutable
as $$
    select case
        when p_expression !~ '^every [0-9]{1,9} s$' then p_expression
        when e.seconds = 86400 then '0 0 * * *'
        when e.seconds % 3600 = 0 and e.seconds < 86400 and 86400 % e.seconds = 0 then '0 */' || e.seconds / 3600 || ' * * *'
        when e.seconds % 60 = 0 and e.seconds < 3600 and 3600 % e.seconds = 0 then '*/' || e.seconds / 60 || ' * * * *'
        else '* * * * *'
    end
    from (select greatest(1, coalesce(substring(p_expression from '^every ([0-9]{1,9}) s$')::bigint, 1)) as seconds) e
$$;
