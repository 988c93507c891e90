using Harmony.Data;

namespace Harmony.Orchestrator;

/// <summary>What an operator does to jobs by hand; the database records who and what in the same transaction.</summary>
public sealed class OperatorDesk(Database database)
{
    /// <summary>A full attempt budget again; the outcome of each id is named.</summary>
    public Task<IReadOnlyList<Requeued>> RequeueAsync(string actor, IReadOnlyList<long> jobIds, CancellationToken ct) =>
        AsAsync(
            actor,
            work => work.QueryAsync<Requeued>(
                """
                select
                    r.job_id,
                    r.outcome
                from harmony.requeue(job_ids => @jobIds) r
                """,
                new { jobIds = jobIds.ToArray() },
                ct),
            ct);

    /// <summary>Dead letters become Deleted, their history stays; by ids, or by age and reason.</summary>
    public Task<IReadOnlyList<Requeued>> PurgeAsync(string actor, PurgeFilter filter, CancellationToken ct) =>
        AsAsync(
            actor,
            work => work.QueryAsync<Requeued>(
                """
                select
                    p.job_id,
                    p.outcome
                from harmony.purge(
                    job_ids => @JobIds,
                    reason_code => @ReasonCode,
                    older_than => @OlderThan,
                    dry_run => @DryRun) p
                """,
                filter,
                ct),
            ct);

    /// <summary>Ends the job wherever it is: <c>cancelled</c>, <c>already_ended</c>, <c>busy</c> or <c>not_found</c>.</summary>
    public Task<string> CancelAsync(string actor, long jobId, CancellationToken ct) =>
        AsAsync(actor, async work => (await work.QueryFirstAsync<string>("select harmony.cancel(@jobId)", new { jobId }, ct))!, ct);

    /// <summary>A waiting timer is due at once: <c>due</c>, <c>not_scheduled</c> or <c>not_found</c>.</summary>
    public Task<string> RunNowAsync(string actor, long jobId, CancellationToken ct) =>
        AsAsync(actor, async work => (await work.QueryFirstAsync<string>("select harmony.run_now(@jobId)", new { jobId }, ct))!, ct);

    public Task PauseAsync(string actor, string scope, string name, string? reason, CancellationToken ct) =>
        AsAsync(
            actor,
            work => work.ExecuteAsync("select harmony.pause(@scope, @name, @reason)", new { scope, name, reason }, ct),
            ct);

    public Task<bool> ResumeAsync(string actor, string scope, string name, CancellationToken ct) =>
        AsAsync(actor, work => work.QueryFirstAsync<bool>("select harmony.resume(@scope, @name)", new { scope, name }, ct), ct);

    /// <summary>Starts a schedule's job now, also a paused one; null when there is no such schedule.</summary>
    public Task<long?> TriggerAsync(string actor, string schedule, CancellationToken ct) =>
        AsAsync(actor, work => work.QueryFirstAsync<long?>("select harmony.trigger_schedule(@schedule)", new { schedule }, ct), ct);

    private Task<T> AsAsync<T>(string actor, Func<Work, Task<T>> act, CancellationToken ct) =>
        database.InTransactionAsync(
            async work =>
            {
                await work.ExecuteAsync("select set_config('harmony.actor', @actor, true)", new { actor }, ct);
                return await act(work);
            },
            ct);
}

public sealed record PurgeFilter
{
    public long[]? JobIds { get; init; }

    public string? ReasonCode { get; init; }

    public TimeSpan? OlderThan { get; init; }

    public bool DryRun { get; init; }
}

public sealed record Requeued
{
    public required long JobId { get; init; }

    public required string Outcome { get; init; }
}
