using System.Text.Json;
using Harmony.Data;

namespace Harmony.Orchestrator;

/// <summary>When, how urgently and for whom a job is enqueued; every part may be left out.</summary>
public sealed record EnqueueOptions
{
    public int? Priority { get; init; }

    public DateTimeOffset? RunAt { get; init; }

    public string? RequestedBy { get; init; }

    public long? ParentJobId { get; init; }
}

public sealed record Enqueued(long JobId, bool AlreadyEnqueued);

/// <summary>Puts jobs into the database: in the caller's transaction where there is one.</summary>
public sealed class JobQueue(Database database)
{
    public async Task<Enqueued> EnqueueAsync<TArgs>(Work work, TArgs args, EnqueueOptions? options, CancellationToken ct)
        where TArgs : class, IJobArgs =>
        (await EnqueueManyAsync(work, [args], options, ct))[0];

    public Task<Enqueued> EnqueueAsync<TArgs>(TArgs args, EnqueueOptions? options, CancellationToken ct)
        where TArgs : class, IJobArgs =>
        database.InTransactionAsync(work => EnqueueAsync(work, args, options, ct), ct);

    /// <summary>One round trip for any number of jobs; the answers are in the order of the arguments.</summary>
    public Task<IReadOnlyList<Enqueued>> EnqueueManyAsync<TArgs>(
        Work work, IReadOnlyList<TArgs> args, EnqueueOptions? options, CancellationToken ct)
        where TArgs : class, IJobArgs =>
        EnqueueJsonAsync(work, TArgs.Kind, [.. args.Select(a => JsonSerializer.Serialize(a, JobJson.Options))], options, ct);

    /// <summary>Enqueues a kind known only by name, as the command line and REST do.</summary>
    public Task<IReadOnlyList<Enqueued>> EnqueueJsonAsync(
        Work work, string kind, string[] argsJson, EnqueueOptions? options, CancellationToken ct) =>
        work.QueryAsync<Enqueued>(
            """
            select
                job_id,
                already_enqueued
            from harmony.enqueue_many(
                case when set_config('harmony.trace', @trace, true) is not null then @kind end,
                cast(@args as text[])::jsonb[],
                @priority,
                @runAt,
                @requestedBy,
                @parentJobId)
            order by ord
            """,
            new
            {
                kind,
                trace = JobTraces.Current,
                args = argsJson,
                priority = options?.Priority,
                runAt = options?.RunAt?.UtcDateTime,
                requestedBy = options?.RequestedBy,
                parentJobId = options?.ParentJobId,
            },
            ct);

    /// <summary>Makes every job parked under the key due at once, when the caller's transaction commits.</summary>
    public Task WakeAsync(Work work, string key, CancellationToken ct) =>
        work.ExecuteAsync("select harmony.wake(@key)", new { key }, ct);
}
