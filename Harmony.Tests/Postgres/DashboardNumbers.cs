using Harmony.Data;

namespace Harmony.Tests.Postgres;

/// <summary>What Hangfire's dashboard would show, against a recount of what happened; each difference is one line.</summary>
internal static class DashboardNumbers
{
    // Expiry takes ended jobs away without touching a statistic, so the history is counted, not the jobs that are left.
    public const string Wrong =
        """
        with steps as materialized (
            select
                e.job_id,
                e.at,
                e.to_state,
                lead(e.to_state) over of_job as next_state,
                lead(e.reason) over of_job as next_reason
            from harmony.job_event e
            window of_job as (partition by e.job_id order by e.event_id)
        ),
        counters as materialized (
            select
                c.key,
                sum(c.value)::bigint as value
            from (
                select x.key, x.value from hangfire.counter x
                union all
                select x.key, x.value from hangfire.aggregatedcounter x
            ) c
            group by c.key
        ),
        totals as (
            select
                'stats:' || lower(w.state) as name,
                coalesce((select c.value from counters c where c.key = 'stats:' || lower(w.state)), 0) as shown,
                (select count(*) filter (where s.to_state = w.state) - count(*) filter (where s.to_state = w.state and s.next_state is not null)
                from steps s) as counted
            from (values ('Succeeded'), ('Deleted')) w (state)
        ),
        -- The failed row of a retry is history, no failure.
        dated as (
            select
                'stats:' || lower(w.state) || ' by ' || d.name as name,
                coalesce((
                    select sum(c.value)
                    from counters c
                    where c.key like 'stats:' || lower(w.state) || ':' || d.pattern
                        and substring(c.key from length('stats:' || w.state || ':') + 1) >= to_char((harmony.now() - d.kept) at time zone 'UTC', d.form)), 0) as shown,
                (select count(*)
                from steps s
                where s.to_state = w.state
                    and (w.state <> 'Failed' or s.next_state is distinct from 'Scheduled' or s.next_reason is null or s.next_reason not like 'Retry attempt %')
                    and to_char(s.at at time zone 'UTC', d.form) >= to_char((harmony.now() - d.kept) at time zone 'UTC', d.form)) as counted
            from (values ('Succeeded'), ('Deleted'), ('Failed')) w (state)
            cross join (values
                ('hour', '____-__-__-__', 'YYYY-MM-DD-HH24', interval '20 hours'),
                ('day', '____-__-__', 'YYYY-MM-DD', interval '25 days')) d (name, pattern, form, kept)
        ),
        runs as (
            select
                'failed runs by day' as name,
                coalesce((
                    select sum(c.value)
                    from counters c
                    where c.key like 'stats:failed_runs:____-__-__'
                        and right(c.key, 10) >= to_char((harmony.now() - interval '25 days') at time zone 'UTC', 'YYYY-MM-DD')), 0) as shown,
                (select count(*)
                from steps s
                where s.to_state = 'Failed'
                    and s.at at time zone 'UTC' >= ((harmony.now() - interval '25 days') at time zone 'UTC')::date) as counted
        ),
        tiles as (
            select
                'tile ' || n.state as name,
                (select count(*) from hangfire.job h where h.statename = n.state) as shown,
                (select count(*) from hangfire.job h join hangfire.state s on s.id = h.stateid where s.name = n.state) as counted
            from (values ('Enqueued'), ('Scheduled'), ('Processing'), ('Succeeded'), ('Failed'), ('Deleted')) n (state)
        ),
        retries as (
            select
                'retries' as name,
                (select count(*) from hangfire.set s where s.key = 'retries') as shown,
                (
                    select count(*)
                    from hangfire.job h
                    join hangfire.state s on s.id = h.stateid
                    join hangfire.set r on r.key = 'retries' and r.value = h.id::text
                    where s.name = 'Scheduled' and s.reason like 'Retry attempt %'
                ) as counted
        ),
        waiting_retries as (
            select
                'jobs that wait for a retry' as name,
                (select count(*) from hangfire.set s where s.key = 'retries') as shown,
                (
                    select count(*)
                    from hangfire.job h
                    join hangfire.state s on s.id = h.stateid
                    where s.name = 'Scheduled' and s.reason like 'Retry attempt %'
                ) as counted
        ),
        totals_failed as (
            select 'stats:failed, which Hangfire does not have' as name, (select count(*) from counters c where c.key = 'stats:failed') as shown, 0 as counted
        )
        select format('%s: shown %s, counted %s', a.name, a.shown, a.counted) as problem
        from (
            select * from totals
            union all
            select * from dated
            union all
            select * from runs
            union all
            select * from tiles
            union all
            select * from retries
            union all
            select * from waiting_retries
            union all
            select * from totals_failed
        ) a
        where a.shown <> a.counted
        """;

    // A click may leave tickets that a worker drops later; a walk without clicks leaves none, and neither does a drained history.
    private const string WrongTickets =
        """
        with tickets as materialized (
            select q.jobid, q.queue, q.fetchedat, h.statename, h.invocationdata ->> 'Queue' as own
            from hangfire.jobqueue q
            left join hangfire.job h on h.id = q.jobid
        )
        select format('queue %s: job %s (%s) has a ticket too many', t.queue, t.jobid, coalesce(t.statename, 'gone')) as problem
        from tickets t
        where t.statename is null
            or t.statename not in ('Enqueued', 'Scheduled', 'Processing')
        union all
        select format('job %s has %s tickets', t.jobid, count(*))
        from tickets t
        group by t.jobid
        having count(*) > 1
        union all
        select format('fetched: job %s is %s', t.jobid, t.statename)
        from tickets t
        where t.fetchedat is not null
            and t.statename <> 'Processing'
        union all
        select format('queue %s: job %s belongs to %s', t.queue, t.jobid, t.own)
        from tickets t
        where t.queue not in (t.own, 'parked')
        """;

    public static async Task<IReadOnlyList<string>> WrongAsync(Database database) =>
        await database.QueryAsync<string>($"select problem from ({Wrong}) numbers union all select problem from ({WrongTickets}) tickets", null, CancellationToken.None);

    /// <summary>The last line of a walk.</summary>
    public static async Task AreRightAsync(Database database) => Assert.AreEqual("", string.Join('\n', await WrongAsync(database)));
}
