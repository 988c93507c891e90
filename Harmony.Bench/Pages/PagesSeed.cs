using Harmony.Data;

namespace Harmony.Bench.Pages;

/// <summary>An engine that has been at work for a month: jobs that ended, dead letters, and a line that waits. Only for a database of its own.</summary>
/// <param name="Kinds">Their kinds in turn, which must be known; one named twice is as frequent.</param>
internal sealed record PagesSeed(int Finished, int Dead, int Waiting, string[] Kinds)
{
    private const int Portion = 50_000;

    public async Task SowAsync(Database database, CancellationToken cancellationToken)
    {
        foreach (var (sql, jobs) in new[] { (FinishedSql, Finished), (DeadSql, Dead), (WaitingSql, Waiting) })
        {
            for (var from = 1; from <= jobs; from += Portion)
                await database.ExecuteAsync(sql, new { from, to = Math.Min(from + Portion - 1, jobs), jobs, Kinds }, cancellationToken);
        }

        await database.ExecuteAsync(ActionsSql, new { actions = Math.Max(1000, Dead / 2) }, cancellationToken);
        await database.ExecuteAsync("vacuum analyze", null, cancellationToken);
    }

    // Spread over a month, the newest last.
    private const string FinishedSql =
        """
        with fresh as materialized (
            select
                nextval('hangfire.job_id_seq') as job_id,
                (@Kinds)[1 + n % cardinality(@Kinds)] as kind,
                harmony.now() - interval '30 days' * (1 - n::float8 / @jobs) as at,
                n
            from generate_series(@from, @to) n
        ),
        ledger as (
            insert into harmony.job (job_id, kind, lane, queue, args, unique_key, state, created_at, due_at, started_at, finished_at, duration_ms, requested_by)
            select
                f.job_id, f.kind, k.lane, k.lane || '_b', jsonb_build_object('n', f.n), f.kind || ':' || f.n,
                case when f.n % 50 = 0 then 'Deleted' else 'Succeeded' end, f.at, f.at, f.at, f.at + interval '2 seconds', 2000, 'key:eva'
            from fresh f
            join harmony.kind k on k.kind = f.kind
        )
        insert into harmony.job_event (job_id, at, from_state, to_state, actor)
        select f.job_id, f.at, 'Processing', 'Succeeded', 'harmony'
        from fresh f
        """;

    private const string DeadSql =
        """
        with fresh as materialized (
            select
                nextval('hangfire.job_id_seq') as job_id,
                nextval('hangfire.state_id_seq') as state_id,
                (@Kinds)[1 + n % cardinality(@Kinds)] as kind,
                (array['provider_unavailable', 'not_found', 'unknown', 'unsafe_path', 'timeout'])[1 + n % 5] as reason,
                harmony.now() - interval '30 days' * (1 - n::float8 / @jobs) as at,
                n
            from generate_series(@from, @to) n
        ),
        stored as (
            insert into hangfire.job (id, stateid, statename, invocationdata, arguments, createdat)
            select f.job_id, f.state_id, 'Failed', '{}', '[]', f.at
            from fresh f
        ),
        ledger as (
            insert into harmony.job (
                job_id, kind, lane, queue, args, state, state_id, attempts, reason_code, first_error, last_error, created_at, due_at, started_at, dead_lettered_at, finished_at)
            select
                f.job_id, f.kind, k.lane, k.lane || '_b', jsonb_build_object('n', f.n), 'Failed', f.state_id, 3, nullif(f.reason, 'unknown'),
                'attempt one', f.reason || ': no peer number ' || f.n || repeat(' has what we need', 10), f.at, f.at, f.at, f.at, f.at
            from fresh f
            join harmony.kind k on k.kind = f.kind
        )
        insert into harmony.job_event (job_id, at, from_state, to_state, actor, error)
        select f.job_id, f.at, 'Processing', 'Failed', 'harmony', f.reason
        from fresh f
        """;

    // The first kind does not wait.
    private const string WaitingSql =
        """
        with fresh as materialized (
            select
                nextval('hangfire.job_id_seq') as job_id,
                nextval('hangfire.state_id_seq') as state_id,
                (@Kinds)[2 + n % (cardinality(@Kinds) - 1)] as kind,
                n
            from generate_series(@from, @to) n
        ),
        stored as (
            insert into hangfire.job (id, stateid, statename, invocationdata, arguments, createdat)
            select f.job_id, f.state_id, 'Enqueued', '{}', '[]', harmony.now()
            from fresh f
        ),
        tickets as (
            insert into hangfire.jobqueue (jobid, queue)
            select f.job_id, k.lane || '_b'
            from fresh f
            join harmony.kind k on k.kind = f.kind
        ),
        ledger as (
            insert into harmony.job (job_id, kind, lane, queue, args, state, state_id, created_at, due_at)
            select f.job_id, f.kind, k.lane, k.lane || '_b', jsonb_build_object('n', f.n), 'Enqueued', f.state_id, harmony.now(), harmony.now()
            from fresh f
            join harmony.kind k on k.kind = f.kind
        )
        insert into harmony.job_event (job_id, at, to_state, actor)
        select f.job_id, harmony.now(), 'Enqueued', 'harmony'
        from fresh f
        """;

    private const string ActionsSql =
        """
        insert into harmony.operator_action (at, actor, action, target, affected)
        select
            harmony.now() - interval '30 days' * (1 - n::float8 / @actions),
            'key:' || (array['eva', 'tom', 'cli'])[1 + n % 3],
            (array['requeue', 'cancel', 'pause', 'resume'])[1 + n % 4],
            n::text,
            1
        from generate_series(1, @actions) n
        """;
}
