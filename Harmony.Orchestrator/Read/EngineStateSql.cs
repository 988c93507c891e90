namespace Harmony.Orchestrator;

/// <summary>One statement for each part of the engine's state.</summary>
internal static class EngineStateSql
{
    public const string Now = "select harmony.now()";

    public const string Lanes =
        """
        select
            lane,
            waiting,
            running,
            later,
            parked,
            oldest_waiting
        from harmony.lane_figures(@MostCounted)
        """;

    public const string States =
        """
        select
            state,
            jobs,
            about
        from harmony.state_figures(@MostCounted)
        """;

    // The time as a subquery: harmony.now() may be shifted and so is volatile, and no index is used for a value that may differ from row to row.
    // Failed runs: those of jobs that are retried and those of dead letters.
    public const string Minutes =
        """
        select
            minute,
            sum(done)::bigint as done,
            greatest(0, sum(failed) - sum(dead))::bigint as retried,
            sum(dead)::bigint as dead
        from (
            (
                select
                    date_trunc('minute', finished_at) as minute,
                    (state = 'Succeeded')::integer as done,
                    0 as failed,
                    (state = 'Failed')::integer as dead
                from harmony.job
                where finished_at > (select harmony.now()) - interval '60 minutes'
                order by finished_at desc
                limit @MostCounted
            )
            union all
            (
                select
                    date_trunc('minute', at),
                    0,
                    1,
                    0
                from harmony.job_event
                where to_state = 'Failed'
                    and at > (select harmony.now()) - interval '60 minutes'
                order by at desc
                limit @MostCounted
            )
        ) ends
        group by minute
        order by minute
        """;

    public const string Days = "select day, done, retried, dead from harmony.day_figures(30)";

    public const string Size =
        """
        select
            pg_database_size(current_database()) as bytes,
            (select count(*) from pg_stat_activity where datname = current_database()) as sessions,
            current_setting('max_connections')::integer as most_sessions
        """;

    public const string Gates =
        """
        select
            provider,
            state,
            failures,
            blocked_until,
            reason,
            changed_at
        from harmony.provider_gate
        order by provider
        """;

    public const string Pauses =
        """
        select
            scope,
            name,
            reason,
            paused_by,
            paused_at,
            until
        from harmony.pause
        where until is null
            or until > harmony.now()
        order by scope, name
        """;

    public const string Rates =
        """
        select
            w.lane,
            w.permits,
            w.window_length as length,
            (
                select count(*)
                from harmony.rate_use u
                where u.lane = w.lane
                    and u.used_at > (select harmony.now()) - w.window_length
            ) as used
        from harmony.rate_window w
        order by w.lane
        """;

    public const string Servers =
        """
        select
            id,
            queues,
            workers,
            started_at,
            heartbeat
        from harmony.servers()
        """;

    public const string Parked =
        """
        select count(*)
        from harmony.tickets()
        where queue = 'parked'
        """;

    public const string EndedLastHour =
        """
        select
            count(*) filter (where e.state = 'Succeeded') as done,
            count(*) filter (where e.state = 'Failed') as dead
        from (
            select j.state
            from harmony.job j
            where j.finished_at > (select harmony.now()) - interval '60 minutes'
            order by j.finished_at desc
            limit @MostCounted
        ) e
        """;
}
