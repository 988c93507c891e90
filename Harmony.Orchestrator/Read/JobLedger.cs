using Dapper;
using Harmony.Data;

namespace Harmony.Orchestrator;

/// <summary>Reads jobs from the ledger: lists by filter, and one job with its whole history.</summary>
public sealed class JobLedger(Database database)
{
    /// <summary>How many jobs one answer searches.</summary>
    public const int Window = JobSearchSql.Window;

    /// <summary>Newest first; <c>Before</c> is the last id the reader has.</summary>
    public async Task<JobsFound> ListAsync(JobFilter filter, int limit, CancellationToken cancellationToken)
    {
        var search = new JobSearchSql(filter);
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        var rows = (await connection.QueryAsync<Looked, JobLine?, (Looked Looked, JobLine? Job)>(
            new CommandDefinition(search.Lines, search.Parameters(limit), cancellationToken: cancellationToken), (looked, job) => (looked, job), splitOn: "job_id")).AsList();
        List<JobLine> items = [.. rows.Select(r => r.Job).OfType<JobLine>()];
        var (lookedAt, last) = rows[0].Looked;
        var next = items.Count == limit ? items[^1].JobId : lookedAt == Window ? last : null;
        return new JobsFound(items, next, search.LooksThrough && items.Count < limit && lookedAt == Window);
    }

    /// <summary>The newest matching ids, up to a limit.</summary>
    public Task<IReadOnlyList<long>> IdsAsync(JobFilter filter, int most, CancellationToken cancellationToken)
    {
        var search = new JobSearchSql(filter);
        return database.QueryAsync<long>(search.Ids, search.Parameters(most), cancellationToken);
    }

    /// <summary>The jobs that are still in the state.</summary>
    public Task<IReadOnlyList<long>> StillAsync(IReadOnlyList<long> jobIds, string state, CancellationToken cancellationToken) =>
        database.QueryAsync<long>(
            "select j.job_id from harmony.job j where j.job_id = any (@jobIds) and j.state = @state order by 1", new { jobIds, state }, cancellationToken);

    public Task<JobSheet?> FindAsync(long jobId, CancellationToken cancellationToken) =>
        database.QueryFirstAsync<JobSheet>(
            """
            select
                j.job_id,
                j.kind,
                j.title,
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
                harmony.unserved_queue(j.job_id, j.state) as unserved_queue,
                harmony.now() as now
            from harmony.job j
            where j.job_id = @jobId
            """,
            new { jobId },
            cancellationToken);

    /// <summary>The number of jobs before it, and its estimated start if its lane has a rate; null for a job that does not wait in a lane.</summary>
    public Task<PlaceInLine?> FindPlaceAsync(long jobId, CancellationToken cancellationToken) =>
        database.QueryFirstAsync<PlaceInLine>("select ahead, expected_at from harmony.place_in_line(@jobId)", new { jobId }, cancellationToken);

    /// <summary>The newest error with its stack; null without an error, or when only its message is still kept.</summary>
    public Task<string?> FindErrorInFullAsync(long jobId, CancellationToken cancellationToken) =>
        database.QueryFirstAsync<string>("select harmony.error_in_full(@jobId)", new { jobId }, cancellationToken);

    /// <summary>Newest first; a job that was snoozed for days can have thousands of rows.</summary>
    public Task<IReadOnlyList<JobEvent>> ListEventsAsync(long jobId, int limit, CancellationToken cancellationToken) =>
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
            cancellationToken);

    /// <summary>The jobs of any kind that wait or run with this unique key now; running ones come first.</summary>
    public Task<IReadOnlyList<KeyHolder>> ListHoldersAsync(string uniqueKey, CancellationToken cancellationToken) =>
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
            cancellationToken);
}

/// <param name="LookedAt">How many jobs the answer searched.</param>
/// <param name="Last">The oldest of them.</param>
internal sealed record Looked(long LookedAt, long? Last);

/// <param name="Next">The cursor of the next page; null when there is nothing older.</param>
/// <param name="Cut">Older jobs that were not searched may match, too.</param>
public sealed record JobsFound(IReadOnlyList<JobLine> Items, long? Next, bool Cut);
