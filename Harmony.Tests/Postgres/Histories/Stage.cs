using Harmony.Data;

namespace Harmony.Tests.Postgres.Histories;

/// <summary>The database on which histories are played one after the other, and the hands that are not Harmony's own.</summary>
internal sealed class Stage : IAsyncDisposable
{
    public const int LeaseSeconds = 60;

    // Nothing here says how Harmony does it: clicks and foreign clients write what Hangfire's own code writes.
    private const string Props =
        """
        create schema play;
        create table play.effect (job_id bigint, step text, fence bigint, newest bigint);

        -- Time only stands in the middle of a quarter of a minute: no dated statistic is ever counted across an hour's edge.
        create function play.go_on(p_seconds double precision) returns void
        language sql
        as $$
            select harmony.shift_clock(
                to_timestamp(ceil((extract(epoch from harmony.now()) + p_seconds - 7.5) / 15) * 15 + 7.5) - clock_timestamp())
        $$;

        create function play.click(p_job_id bigint, p_to text) returns void
        language plpgsql
        as $$
        declare
            v_from text;
            v_queue text;
            v_now timestamptz := harmony.now();
        begin
            insert into hangfire.lock (resource, acquired)
            values ('hangfire:job:' || p_job_id || ':state-lock', clock_timestamp())
            on conflict (resource) do nothing;
            if not found then
                return;
            end if;
            select h.statename, h.invocationdata ->> 'Queue' into v_from, v_queue from hangfire.job h where h.id = p_job_id;
            if not found then
                delete from hangfire.lock l where l.resource = 'hangfire:job:' || p_job_id || ':state-lock';
                return;
            end if;

            if v_from in ('Scheduled', 'Failed') then
                delete from hangfire.set s where s.key = 'retries' and s.value = p_job_id::text;
            end if;
            if v_from = 'Scheduled' then
                delete from hangfire.set s where s.key = 'schedule' and s.value = v_queue || ':' || p_job_id;
            elsif v_from in ('Succeeded', 'Deleted') then
                insert into hangfire.counter (key, value) values ('stats:' || lower(v_from), -1);
            end if;
            if p_to = 'Deleted' then
                insert into hangfire.counter (key, value, expireat)
                values
                    ('stats:deleted:' || to_char(v_now at time zone 'UTC', 'YYYY-MM-DD'), 1, v_now + interval '1 month'),
                    ('stats:deleted:' || to_char(v_now at time zone 'UTC', 'YYYY-MM-DD-HH24'), 1, v_now + interval '1 day'),
                    ('stats:deleted', 1, null);
            end if;

            with s as (
                insert into hangfire.state (jobid, name, reason, createdat, data)
                values (p_job_id, p_to, 'Triggered via Dashboard UI', v_now, case p_to
                    when 'Enqueued' then jsonb_build_object('EnqueuedAt', harmony.millis(v_now), 'Queue', 'default')
                    else jsonb_build_object('DeletedAt', harmony.millis(v_now)) end)
                returning id
            )
            update hangfire.job h
            set stateid = s.id, statename = p_to
            from s
            where h.id = p_job_id;
            update hangfire.job h
            set expireat = case p_to when 'Deleted' then v_now + interval '24 hours' end
            where h.id = p_job_id;
            if p_to = 'Enqueued' then
                insert into hangfire.jobqueue (jobid, queue) values (p_job_id, v_queue);
            end if;
            delete from hangfire.lock l where l.resource = 'hangfire:job:' || p_job_id || ':state-lock';
        end
        $$;

        create function play.foreign_client(p_kind text, p_queue text) returns bigint
        language plpgsql
        as $$
        declare
            v_now timestamptz := harmony.now();
            v_job bigint;
        begin
            insert into hangfire.job (invocationdata, arguments, createdat, expireat)
            values (
                jsonb_build_object(
                    'Type', 'Harmony.Orchestrator.JobEntry, Harmony.Orchestrator', 'Method', 'Run', 'Queue', p_queue,
                    'ParameterTypes', '["System.String","System.String","System.Threading.CancellationToken, mscorlib"]'),
                jsonb_build_array(to_json(p_kind)::text, to_json('{}'::text)::text, null),
                v_now, v_now + interval '30 days')
            returning id into v_job;
            insert into hangfire.jobparameter (jobid, name, value) values (v_job, 'CurrentCulture', '""');
            with s as (
                insert into hangfire.state (jobid, name, createdat, data)
                values (v_job, 'Enqueued', v_now, jsonb_build_object('EnqueuedAt', harmony.millis(v_now), 'Queue', 'default'))
                returning id
            )
            update hangfire.job h set stateid = s.id, statename = 'Enqueued' from s where h.id = v_job;
            insert into hangfire.jobqueue (jobid, queue) values (v_job, p_queue);
            update hangfire.job h set expireat = null where h.id = v_job;
            return v_job;
        end
        $$;
        """;

    private const string Kinds =
        """
        select harmony.sync_kinds(
            '[{"kind": "plain", "lane": "work", "max_retries": 2, "timeout_seconds": 60, "default_priority": 50, "operator_startable": true},
              {"kind": "sole", "lane": "work", "key_template": "sole:{k}", "unique_until": "finished", "max_retries": 1,
               "timeout_seconds": 60, "default_priority": 50, "operator_startable": true},
              {"kind": "brief", "lane": "work", "key_template": "brief:{k}", "unique_until": "started", "max_retries": 2,
               "timeout_seconds": 60, "default_priority": 50, "operator_startable": true},
              {"kind": "shop", "lane": "web", "providers": ["store"], "key_template": "shop:{k}", "unique_until": "finished",
               "max_retries": 2, "timeout_seconds": 60, "default_priority": 50, "operator_startable": true}]', '[]')
        """;

    private const string Clear =
        """
        delete from play.effect;
        delete from hangfire.state;
        delete from hangfire.jobparameter;
        delete from hangfire.job;
        delete from hangfire.jobqueue;
        delete from hangfire.set;
        delete from hangfire.counter;
        delete from hangfire.aggregatedcounter;
        delete from hangfire.lock;
        delete from hangfire.server;
        delete from harmony.job;
        delete from harmony.job_event;
        delete from harmony.operator_action;
        delete from harmony.pause;
        delete from harmony.provider_gate;
        delete from harmony.wake_signal;
        select harmony.shift_clock(date_trunc('hour', clock_timestamp()) + interval '1 hour 5 minutes 7.5 seconds' - clock_timestamp());
        """;

    private const string Empty =
        """
        truncate play.effect, hangfire.state, hangfire.jobparameter, hangfire.job, hangfire.jobqueue, hangfire.set, hangfire.counter,
            hangfire.aggregatedcounter, hangfire.lock, hangfire.server, harmony.job, harmony.job_event, harmony.operator_action
        """;

    private readonly TestDatabase _place;
    private int _played;

    private Stage(TestDatabase place) => _place = place;

    public Database Db => _place.Database;

    public static async Task<Stage> CreateAsync()
    {
        var place = await TestDatabase.CreateAsync();
        await place.Database.ExecuteAsync(Props, null, CancellationToken.None);
        await place.Database.ExecuteAsync(Kinds, null, CancellationToken.None);
        return new Stage(place);
    }

    public async Task ClearAsync()
    {
        // Deleting a few rows is cheaper than truncating; now and then what they leave behind must go.
        if (_played++ % 50 == 49)
            await Db.ExecuteAsync(Empty, null, CancellationToken.None);
        await Db.ExecuteAsync(Clear, null, CancellationToken.None);
    }

    public ValueTask DisposeAsync() => _place.DisposeAsync();
}
