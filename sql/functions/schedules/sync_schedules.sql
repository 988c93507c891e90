-- Writes the schedules that this process fires, and shows them in Hangfire's recurring set. Other processes may know more: a schedule is
-- removed when none has named it for a day.
-- Locks, in this order: rows of harmony.schedule, by name; rows of hangfire.set and hangfire.hash.

create or replace function harmony.sync_schedules(p_schedules jsonb) returns void
language plpgsql
as $$
begin
    insert into harmony.schedule (schedule, kind, args, expression, zone, misfire, enabled, words, next_at, synced_at)
    select s.schedule, s.kind, s.args, s.expression, s.zone, s.misfire, s.enabled, s.words, s.next_at, harmony.now()
    from jsonb_to_recordset(p_schedules) as s (
        schedule text, kind text, args jsonb, expression text, zone text, misfire text, enabled boolean, words text,
        next_at timestamptz)
    order by s.schedule
    on conflict (schedule) do update set
        kind = excluded.kind,
        args = excluded.args,
        -- Another expression has other slots: those of its past are not misfires.
        since = case when (schedule.expression, schedule.zone) is distinct from (excluded.expression, excluded.zone)
            then harmony.now() else schedule.since end,
        expression = excluded.expression,
        zone = excluded.zone,
        misfire = excluded.misfire,
        enabled = excluded.enabled,
        words = excluded.words,
        next_at = excluded.next_at,
        synced_at = excluded.synced_at;

    with gone as (
        delete from harmony.schedule s where s.synced_at < harmony.now() - interval '1 day' returning s.schedule
    ),
    hashes as (
        delete from hangfire.hash h using gone g where h.key = 'recurring-job:' || g.schedule
    )
    delete from hangfire.set s using gone g where s.key = 'recurring-jobs' and s.value = g.schedule;
    perform harmony.show_schedules();
end
$$;

-- The same in the form Hangfire's dashboard reads. The score -1 keeps Hangfire's recurring scheduler from firing it.
create or replace function harmony.show_schedules() returns void
language plpgsql
as $$
begin
    insert into hangfire.set (key, score, value)
    select 'recurring-jobs', -1, s.schedule
    from harmony.schedule s
    order by s.schedule
    on conflict (key, value) do nothing;

    insert into hangfire.hash (key, field, value)
    select 'recurring-job:' || s.schedule, f.field, f.value
    from harmony.schedule s
    join harmony.kind k on k.kind = s.kind
    left join lateral (
        select x.fired_at, x.job_id
        from harmony.schedule_slot x
        where x.schedule = s.schedule and x.job_id is not null
        order by x.slot desc
        limit 1
    ) last on true
    cross join lateral (
        values
            ('Queue', 'default'),
            ('Cron', harmony.cron_of(s.expression)),
            ('TimeZoneId', s.zone),
            ('Job', jsonb_build_object(
                't', 'Harmony.Orchestrator.JobEntry, Harmony.Orchestrator',
                'm', 'Run',
                'p', jsonb_build_array('System.String', 'System.String', 'System.Threading.CancellationToken, mscorlib'),
                'a', jsonb_build_array(to_json(s.kind)::text, to_json(s.args::text)::text, null),
                'q', harmony.queue_of(k.lane, 0, 0))::text),
            ('CreatedAt', harmony.millis(s.since)),
            ('NextExecution', coalesce(harmony.millis(s.next_at), '')),
            ('LastExecution', coalesce(harmony.millis(last.fired_at), '')),
            ('LastJobId', coalesce(last.job_id::text, '')),
            ('V', '2')
    ) f (field, value)
    order by 1, 2
    on conflict (key, field) do update set value = excluded.value
    where hash.value is distinct from excluded.value;
end
$$;

-- An interval has no cron expression of its own: minutes, hours and a day are shown in a form that Hangfire's page can parse, anything else as
-- every minute.
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
