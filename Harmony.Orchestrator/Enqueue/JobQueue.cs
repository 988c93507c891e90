using System.Text.Json;
using Dapper;
using Harmony.Data;
using Npgsql;
using NpgsqlTypes;

namespace Harmony.Orchestrator;

/// <summary>Enqueues any number of jobs in one round trip: in the caller's transaction, or in its own.</summary>
public sealed class JobQueue(Database database)
{
    public async Task<Enqueued> EnqueueAsync<TArgs>(Work work, TArgs args, EnqueueOptions? options, CancellationToken cancellationToken)
        where TArgs : class, IJobArgs =>
        (await EnqueueManyAsync(work, [args], options, cancellationToken))[0];

    public Task<Enqueued> EnqueueAsync<TArgs>(TArgs args, EnqueueOptions? options, CancellationToken cancellationToken)
        where TArgs : class, IJobArgs =>
        EnqueueJsonAsync(TArgs.Kind, JsonSerializer.Serialize(args, JobJson.Options), options, cancellationToken);

    /// <summary>The answers are in the order of the arguments.</summary>
    public async Task<IReadOnlyList<Enqueued>> EnqueueManyAsync<TArgs>(
        Work work, IReadOnlyList<TArgs> args, EnqueueOptions? options, CancellationToken cancellationToken)
        where TArgs : class, IJobArgs
    {
        await using var batch = new NpgsqlBatch(work.Connection, work.Transaction);
        batch.BatchCommands.Add(Setting("harmony.trace", JobTraces.Current));
        batch.BatchCommands.Add(Enqueue(TArgs.Kind, [.. args.Select(a => JsonSerializer.Serialize(a, JobJson.Options))], options));
        return await ReadAsync(batch, cancellationToken);
    }

    /// <summary>Enqueues a kind known only by name, for the command line and REST.</summary>
    public async Task<Enqueued> EnqueueJsonAsync(string kind, string argsJson, EnqueueOptions? options, CancellationToken cancellationToken)
    {
        Enqueued job;
        await using (var connection = await database.Source.OpenConnectionAsync(cancellationToken))
        {
            // Without error barriers a batch is one transaction, so both settings hold for the enqueue and for nothing after it.
            await using var batch = connection.CreateBatch();
            if (options?.RequestedBy is { } actor)
                batch.BatchCommands.Add(Setting("harmony.actor", actor));
            batch.BatchCommands.Add(Setting("harmony.trace", JobTraces.Current));
            batch.BatchCommands.Add(Enqueue(kind, [argsJson], options));
            job = (await ReadAsync(batch, cancellationToken))[0];
        }

        return job.State is not null ? job : await LookUpAsync(job, cancellationToken);
    }

    /// <summary>Makes every job parked under the key due at once, when the caller's transaction commits.</summary>
    public Task WakeAsync(Work work, string key, CancellationToken cancellationToken) =>
        work.ExecuteAsync("select harmony.wake(@key)", new { key }, cancellationToken);

    private static NpgsqlBatchCommand Setting(string name, string value) => new("select set_config($1, $2, true)")
    {
        Parameters = { new() { Value = name }, new() { Value = value } },
    };

    // A statement does not see rows inserted by a function that it calls. For a new job the answer therefore repeats the rules of
    // harmony.enqueue_many, and only a live twin is read.
    private static NpgsqlBatchCommand Enqueue(string kind, string[] argsJson, EnqueueOptions? options) => new(
        """
        select
            e.job_id,
            e.already_enqueued,
            case when e.already_enqueued then twin.state else new.state end as state,
            case when e.already_enqueued then twin.priority else new.priority end as priority,
            case when e.already_enqueued then twin.due_at else new.due_at end as due_at
        from harmony.enqueue_many($1, $2::jsonb[], $3, $4, $5, $6) e
        left join lateral (
            select
                case when $4 > n.now then 'Scheduled' else 'Enqueued' end as state,
                coalesce($3, k.default_priority) as priority,
                case when $4 > n.now then $4 else n.now end as due_at
            from harmony.kind k
            cross join (select harmony.now() as now) n
            where k.kind = $1
        ) new on true
        left join lateral (
            select
                j.state,
                j.priority,
                coalesce(j.due_at, j.created_at) as due_at
            from harmony.job j
            where e.already_enqueued
                and j.job_id = e.job_id
            limit 1
        ) twin on true
        order by e.ord
        """)
    {
        Parameters =
        {
            Parameter(NpgsqlDbType.Text, kind),
            Parameter(NpgsqlDbType.Array | NpgsqlDbType.Text, argsJson),
            Parameter(NpgsqlDbType.Integer, options?.Priority),
            Parameter(NpgsqlDbType.TimestampTz, options?.RunAt?.UtcDateTime),
            Parameter(NpgsqlDbType.Text, options?.RequestedBy),
            Parameter(NpgsqlDbType.Bigint, options?.ParentJobId),
        },
    };

    private static NpgsqlParameter Parameter(NpgsqlDbType type, object? value) => new() { NpgsqlDbType = type, Value = value ?? DBNull.Value };

    private static async Task<IReadOnlyList<Enqueued>> ReadAsync(NpgsqlBatch batch, CancellationToken cancellationToken)
    {
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        for (var settings = batch.BatchCommands.Count - 1; settings > 0; settings--)
            await reader.NextResultAsync(cancellationToken);

        List<Enqueued> jobs = [];
        var parse = reader.GetRowParser<Enqueued>();
        while (await reader.ReadAsync(cancellationToken))
            jobs.Add(parse(reader));
        return jobs;
    }

    // A twin committed while the statement ran is not in its snapshot; when a later statement reads it, it may have ended.
    private async Task<Enqueued> LookUpAsync(Enqueued job, CancellationToken cancellationToken) =>
        await database.QueryFirstAsync<Enqueued>(
            """
            select
                j.job_id,
                true as already_enqueued,
                j.state,
                j.priority,
                coalesce(j.due_at, j.created_at) as due_at
            from harmony.job j
            where j.job_id = @JobId
            """,
            job,
            cancellationToken) ?? job;
}
