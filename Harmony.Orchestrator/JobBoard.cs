using Harmony.Data;

namespace Harmony.Orchestrator;

/// <summary>Jobs as an operator looks at them: lists by what they are, one with its whole history.</summary>
public sealed class JobBoard(Database database)
{
    /// <summary>Newest first; <c>Before</c> is the last id the reader has.</summary>
    public async Task<IReadOnlyList<JobLine>> ListAsync(JobFilter filter, int limit, CancellationToken ct) =>
        (await new JobSearch(database).FindAsync(filter, limit, ct)).Items;

    public Task<JobSheet?> FindAsync(long jobId, CancellationToken ct) =>
        database.QueryFirstAsync<JobSheet>(
            """
            select
                j.job_id,
                j.kind,
                j.lane,
                j.queue,
                j.args::text as args,
                j.unique_key,
                j.priority,
                j.state,
                j.reason,
                j.reason_code,
                j.attempts,
                j.max_retries,
                j.wake_key,
                j.due_at,
                j.first_error,
                j.last_error,
                j.progress_done,
                j.progress_total,
                j.progress_line,
                j.result::text as result,
                j.requested_by,
                j.schedule,
                j.parent_job_id,
                j.trace_id,
                j.worker,
                j.created_at,
                j.started_at,
                j.finished_at,
                j.dead_lettered_at,
                j.duration_ms,
                harmony.now() as now
            from harmony.job j
            where j.job_id = @jobId
            """,
            new { jobId },
            ct);

    /// <summary>How many go before it, and when its turn may come if its lane has a rate; null for a job that does not wait in a line.</summary>
    public Task<PlaceInLine?> FindPlaceAsync(long jobId, CancellationToken ct) =>
        database.QueryFirstAsync<PlaceInLine>("select ahead, expected_at from harmony.place_in_line(@jobId)", new { jobId }, ct);

    /// <summary>The newest error with its stack; null where there is none, or where only its message is kept by now.</summary>
    public Task<string?> FindErrorInFullAsync(long jobId, CancellationToken ct) =>
        database.QueryFirstAsync<string>("select harmony.error_in_full(@jobId)", new { jobId }, ct);

    /// <summary>Newest first; a job that was snoozed for days can have thousands.</summary>
    public Task<IReadOnlyList<JobEvent>> ListEventsAsync(long jobId, int limit, CancellationToken ct) =>
        database.QueryAsync<JobEvent>(
            """
            select
                e.event_id,
                e.at,
                e.from_state,
                e.to_state,
                e.reason,
                e.actor,
                e.worker,
                e.duration_ms,
                e.error
            from harmony.job_event e
            where e.job_id = @jobId
            order by e.event_id desc
            limit @limit
            """,
            new { jobId, limit },
            ct);

    public Task<IReadOnlyList<DeadLetterGroup>> ListDeadGroupsAsync(CancellationToken ct) =>
        database.QueryAsync<DeadLetterGroup>(
            """
            select
                j.kind,
                coalesce(j.reason_code, 'unknown') as reason_code,
                count(*) as jobs,
                count(*) filter (where j.dead_lettered_at > (select harmony.now()) - interval '24 hours') as last_day,
                min(j.dead_lettered_at) as oldest,
                max(j.dead_lettered_at) as newest
            from harmony.job j
            where j.state = 'Failed'
            group by 1, 2
            order by 3 desc, 1, 2
            """,
            null,
            ct);

    /// <summary>The jobs, of whatever kind, that wait or run under this unique key now; what runs comes first.</summary>
    public Task<IReadOnlyList<KeyHolder>> ListHoldersAsync(string uniqueKey, CancellationToken ct) =>
        database.QueryAsync<KeyHolder>(
            """
            select
                j.job_id,
                j.kind,
                j.state = 'Processing' as running,
                j.attempts,
                (
                    select max(t.fetched_at) + make_interval(secs => (select f.lease_seconds from harmony.fleet f))
                    from harmony.tickets() t
                    where t.job_id = j.job_id
                        and j.state = 'Processing'
                ) as lease_until
            from harmony.kind k
            join harmony.job j on j.kind = k.kind and j.claim = @uniqueKey
            order by j.state = 'Processing' desc, j.job_id
            """,
            new { uniqueKey },
            ct);

    public Task<DateTimeOffset> NowAsync(CancellationToken ct) =>
        database.QueryFirstAsync<DateTimeOffset>("select harmony.now()", null, ct);
}

public sealed record JobLine
{
    public required long JobId { get; init; }

    public required string Kind { get; init; }

    public string? Lane { get; init; }

    public string? State { get; init; }

    public string? Reason { get; init; }

    public string? ReasonCode { get; init; }

    public string? UniqueKey { get; init; }

    public required int Attempts { get; init; }

    public required int MaxRetries { get; init; }

    public string? LastError { get; init; }

    public long? ProgressDone { get; init; }

    public long? ProgressTotal { get; init; }

    public string? ProgressLine { get; init; }

    public string? RequestedBy { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? DueAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    public DateTimeOffset? DeadLetteredAt { get; init; }

    public long? DurationMs { get; init; }
}

public sealed record JobSheet
{
    public required long JobId { get; init; }

    public required string Kind { get; init; }

    public string? Lane { get; init; }

    public string? Queue { get; init; }

    public required string Args { get; init; }

    public string? UniqueKey { get; init; }

    public required int Priority { get; init; }

    public string? State { get; init; }

    public string? Reason { get; init; }

    public string? ReasonCode { get; init; }

    public required int Attempts { get; init; }

    public required int MaxRetries { get; init; }

    public string? WakeKey { get; init; }

    public DateTimeOffset? DueAt { get; init; }

    public string? FirstError { get; init; }

    public string? LastError { get; init; }

    public long? ProgressDone { get; init; }

    public long? ProgressTotal { get; init; }

    public string? ProgressLine { get; init; }

    public string? Result { get; init; }

    public string? RequestedBy { get; init; }

    public string? Schedule { get; init; }

    public long? ParentJobId { get; init; }

    public string? TraceId { get; init; }

    public string? Worker { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    public DateTimeOffset? DeadLetteredAt { get; init; }

    public long? DurationMs { get; init; }

    public required DateTimeOffset Now { get; init; }
}

public sealed record KeyHolder
{
    public required long JobId { get; init; }

    public required string Kind { get; init; }

    public required bool Running { get; init; }

    public required int Attempts { get; init; }

    /// <summary>Of one that runs: when it is given to another worker, should its own not be heard of again.</summary>
    public DateTimeOffset? LeaseUntil { get; init; }
}

public sealed record PlaceInLine
{
    /// <summary>Counted to ten thousand.</summary>
    public required long Ahead { get; init; }

    public DateTimeOffset? ExpectedAt { get; init; }
}

public sealed record JobEvent
{
    public required long EventId { get; init; }

    public required DateTimeOffset At { get; init; }

    public string? FromState { get; init; }

    public required string ToState { get; init; }

    public string? Reason { get; init; }

    public string? Actor { get; init; }

    public string? Worker { get; init; }

    public long? DurationMs { get; init; }

    public string? Error { get; init; }
}

public sealed record DeadLetterGroup
{
    public required string Kind { get; init; }

    public required string ReasonCode { get; init; }

    public required long Jobs { get; init; }

    /// <summary>Of them, within the last 24 hours.</summary>
    public required long LastDay { get; init; }

    public DateTimeOffset? Oldest { get; init; }

    public DateTimeOffset? Newest { get; init; }
}
