namespace Harmony.Tests.Pages;

/// <summary>One job per kind of page: 1 waiting, 2 failed, 3 done by code nobody has any more, 4 waiting for its retry.</summary>
internal static class DashboardRows
{
    public const string Sql =
        """
        insert into hangfire.job (invocationdata, arguments, createdat, statename)
        select jsonb_build_object(
                'Type', case name when 'Succeeded' then 'Harmony.Gone, Harmony.Gone' else 'Harmony.Orchestrator.JobEntry, Harmony.Orchestrator' end,
                'Method', 'Run',
                'ParameterTypes', '["System.String","System.String","System.Threading.CancellationToken, mscorlib"]',
                'Queue', 'noop_b'),
            '["\"noop\"", "\"{\\\"n\\\":1}\"", null]', clock_timestamp(), name
        from unnest(array['Enqueued', 'Failed', 'Succeeded', 'Scheduled']) with ordinality as wanted (name, place)
        order by place;

        insert into hangfire.state (jobid, name, createdat, reason, data)
        values
            (1, 'Enqueued', clock_timestamp(), null, '{"EnqueuedAt":"1795220049000","Queue":"noop_b"}'),
            (2, 'Failed', clock_timestamp(), 'the source is gone',
                '{"FailedAt":"1795220049000","ExceptionType":"Harmony.Gone","ExceptionMessage":"gone","ExceptionDetails":"Harmony.Gone: gone"}'),
            (3, 'Succeeded', clock_timestamp(), null, '{"SucceededAt":"1795220049000","PerformanceDuration":"3","Latency":"5"}'),
            (4, 'Scheduled', clock_timestamp(), 'Retry attempt 1 of 10: gone', '{"EnqueueAt":"1795220049000","ScheduledAt":"1795220040000"}');

        update hangfire.job
        set stateid = state.id
        from hangfire.state
        where state.jobid = job.id;

        insert into hangfire.jobqueue (jobid, queue)
        values (1, 'noop_b');

        insert into hangfire.set (key, score, value)
        values ('schedule', 1795220049, 'noop_b:4'), ('retries', 0, '4'), ('recurring-jobs', -1, 'watchlist');

        insert into hangfire.hash (key, field, value)
        values
            ('recurring-job:watchlist', 'Cron', '*/15 * * * *'),
            ('recurring-job:watchlist', 'TimeZoneId', 'UTC'),
            ('recurring-job:watchlist', 'Queue', 'default'),
            ('recurring-job:watchlist', 'CreatedAt', '1795220049000'),
            ('recurring-job:watchlist', 'V', '2');

        insert into hangfire.server (id, data, lastheartbeat)
        values ('box:1:abc', '{"Queues":["noop_b"],"StartedAt":"2026-11-21T00:14:09.1820442Z","WorkerCount":4}', clock_timestamp());

        insert into hangfire.counter (key, value)
        values ('stats:succeeded', 1);
        """;
}
