using Npgsql;

namespace Harmony.Bench.Engine;

/// <summary>
/// The reference for enqueueing: the rows of as many jobs, written into the same tables by one plain statement that looks
/// nothing up, checks nothing and lets no trigger follow. The jobs are real ones and can be run.
/// </summary>
internal sealed class BareRows(NpgsqlDataSource source)
{
    public async Task InsertAsync(int jobs, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync("alter table hangfire.state disable trigger harmony_follow_state", connection, cancellationToken);
        await ExecuteAsync(
            $$"""
            with fresh as materialized (
                select
                    nextval('hangfire.job_id_seq') as job_id,
                    nextval('hangfire.state_id_seq') as state_id,
                    jsonb_build_object('n', i) as args
                from generate_series(1, {{jobs}}) i
            ),
            a as (
                insert into hangfire.job (id, stateid, statename, invocationdata, arguments, createdat)
                select f.job_id, f.state_id, 'Enqueued', k.invocation, jsonb_build_array(f.args::text), now()
                from fresh f
                cross join (select h.invocationdata as invocation from hangfire.job h order by h.id limit 1) k
            ),
            b as (
                insert into hangfire.state (id, jobid, name, createdat, data)
                select f.state_id, f.job_id, 'Enqueued', now(), '{"Queue": "bench_b"}'
                from fresh f
            ),
            c as (
                insert into hangfire.jobqueue (jobid, queue)
                select f.job_id, 'bench_b'
                from fresh f
            ),
            d as (
                insert into harmony.job (job_id, kind, lane, queue, args, state, state_id, due_at, created_at)
                select f.job_id, 'bench', 'bench', 'bench_b', f.args, 'Enqueued', f.state_id, now(), now()
                from fresh f
            )
            insert into harmony.job_event (job_id, at, to_state, state_id)
            select f.job_id, now(), 'Enqueued', f.state_id
            from fresh f
            """,
            connection,
            cancellationToken);
        await ExecuteAsync("alter table hangfire.state enable trigger harmony_follow_state", connection, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task ExecuteAsync(string sql, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
