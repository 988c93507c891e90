-- Schedules by cron: what becomes of each slot, pauses and hand triggers, and a row in Hangfire's recurring set, so that a
-- genuine dashboard shows and triggers them while only Harmony fires them.

alter table harmony.schedule add column since timestamptz not null default harmony.now();
alter table harmony.schedule add column words text;
alter table harmony.schedule add column next_at timestamptz;
alter table harmony.schedule_slot add column outcome text not null default 'fired'
    check (outcome in ('fired', 'missed', 'paused', 'by_hand'));
alter table harmony.pause drop constraint pause_scope_check;
alter table harmony.pause add constraint pause_scope_check check (scope in ('lane', 'kind', 'provider', 'schedule'));

drop function harmony.fire(text, timestamptz);

-- Fires a slot once, however many processes ask; the job is due a little later, if the schedule says so.
create function harmony.fire(p_schedule text, p_slot timestamptz, p_delay interval default '0') returns bigint
language plpgsql
as $$
declare
    v_schedule harmony.schedule;
    v_job_id bigint;
begin
    insert into harmony.schedule_slot (schedule, slot) values (p_schedule, p_slot) on conflict do nothing;
    if not found then
        return null;
    end if;

    select s.* into v_schedule from harmony.schedule s where s.schedule = p_schedule;
    if not found
        or not v_schedule.enabled
        or exists (
            select from harmony.pause p
            where p.scope = 'schedule' and p.name = p_schedule and (p.until is null or p.until > harmony.now()))
    then
        update harmony.schedule_slot x set outcome = 'paused' where x.schedule = p_schedule and x.slot = p_slot;
        return null;
    end if;
    v_job_id := harmony.start_schedule(v_schedule, p_slot, p_slot + p_delay, 'schedule:' || p_schedule);
    return v_job_id;
end
$$;

create function harmony.start_schedule(p_schedule harmony.schedule, p_slot timestamptz, p_due timestamptz, p_by text) returns bigint
language plpgsql
as $$
declare
    v_job_id bigint;
begin
    select e.job_id into v_job_id from harmony.enqueue(p_schedule.kind, p_schedule.args, null, p_due, p_by) e;
    update harmony.schedule_slot x set job_id = v_job_id where x.schedule = p_schedule.schedule and x.slot = p_slot;
    update harmony.job l set schedule = p_schedule.schedule where l.job_id = v_job_id and l.schedule is null;
    return v_job_id;
end
$$;

-- An operator's "now": works while paused, and leaves the slots of the clock alone.
create function harmony.trigger_schedule(p_schedule text) returns bigint
language plpgsql
as $$
declare
    v_schedule harmony.schedule;
    v_slot timestamptz := harmony.now();
begin
    select s.* into v_schedule from harmony.schedule s where s.schedule = p_schedule;
    if not found then
        return null;
    end if;
    insert into harmony.schedule_slot (schedule, slot, outcome) values (p_schedule, v_slot, 'by_hand');
    perform harmony.record_action('trigger', 'schedule:' || p_schedule, null, 1, false);
    return harmony.start_schedule(v_schedule, v_slot, null, harmony.actor());
end
$$;

-- Slots that passed while nobody could fire them, and that the misfire policy does not make up for.
create function harmony.miss(p_schedule text, p_slots timestamptz[]) returns void
language sql
as $$
    insert into harmony.schedule_slot (schedule, slot, outcome)
    select p_schedule, s.slot, 'missed'
    from unnest(p_slots) as s (slot)
    order by s.slot
    on conflict do nothing
$$;

-- The last slot of the clock that was dealt with; before the first one, the moment the schedule became known.
create function harmony.last_slot(p_schedule text) returns timestamptz
language sql stable
as $$
    select x.slot
    from harmony.schedule_slot x
    where x.schedule = p_schedule
        and x.outcome <> 'by_hand'
    order by x.slot desc
    limit 1
$$;

-- What this process fires. Others may know more: a schedule goes when nobody has named it for a day.
create function harmony.sync_schedules(p_schedules jsonb) returns void
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

-- The same in the form Hangfire's dashboard reads. The score -1 keeps a genuine recurring scheduler from firing it.
create function harmony.show_schedules() returns void
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

-- An interval has no cron expression of its own: minutes and hours are shown as such, anything else as every minute.
create function harmony.cron_of(p_expression text) returns text
language sql immutable
as $$
    select case
        when p_expression !~ '^every [0-9]{1,9} s$' then p_expression
        when e.seconds % 3600 = 0 and 86400 % e.seconds = 0 then '0 */' || e.seconds / 3600 || ' * * *'
        when e.seconds % 60 = 0 and 3600 % e.seconds = 0 then '*/' || e.seconds / 60 || ' * * * *'
        else '* * * * *'
    end
    from (select greatest(1, coalesce(substring(p_expression from '^every ([0-9]{1,9}) s$')::bigint, 1)) as seconds) e
$$;

-- "Trigger now" in a genuine dashboard writes the next execution as score; a genuine scheduler would then fire beside us.
create function harmony.keep_schedule_ours() returns trigger
language plpgsql
as $$
begin
    if exists (select from harmony.schedule s where s.schedule = new.value) then
        new.score := -1;
    end if;
    return new;
end
$$;
create trigger harmony_keep_schedule
    before insert or update on hangfire.set
    for each row
    when (new.key = 'recurring-jobs' and new.score >= 0)
    execute function harmony.keep_schedule_ours();
