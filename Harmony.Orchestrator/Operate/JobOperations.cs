using Harmony.Data;

namespace Harmony.Orchestrator;

/// <summary>The actions of an operator (on dead letters: the other half of this class); the database audits actor and action in the same transaction.</summary>
public sealed partial class JobOperations(Database database)
{
    private const int MostTries = 10;
    private const int AtOnce = 100;

    /// <summary>Ends the job in any state.</summary>
    public Task<OperatorOutcome> CancelAsync(string actor, long jobId, CancellationToken cancellationToken) =>
        RetryBusyAsync(() => OutcomeAsync(actor, $"select {Cancel("@jobId")}", new { jobId }, cancellationToken), cancellationToken);

    /// <summary>Ends each job that has not ended.</summary>
    public Task<IReadOnlyList<JobOperated>> CancelAsync(string actor, IReadOnlyList<long> jobIds, CancellationToken cancellationToken) =>
        EachAsync(actor, Cancel("j"), jobIds, cancellationToken);

    /// <summary>Makes each job due that waits for a time.</summary>
    public Task<IReadOnlyList<JobOperated>> RunNowAsync(string actor, IReadOnlyList<long> jobIds, CancellationToken cancellationToken) =>
        EachAsync(actor, "harmony.run_now(j)", jobIds, cancellationToken);

    /// <summary>Changes the priority of the job in its lane.</summary>
    public Task<OperatorOutcome> SetPriorityAsync(string actor, long jobId, int priority, CancellationToken cancellationToken) =>
        RetryBusyAsync(() => OutcomeAsync(actor, "select harmony.set_priority(@jobId, @priority)", new { jobId, priority }, cancellationToken), cancellationToken);

    /// <summary>Opens the gate of a provider at once; false when no failure was ever recorded for it.</summary>
    public Task<bool> ResetGateAsync(string actor, string provider, CancellationToken cancellationToken) =>
        database.InTransactionAsync(actor, work => work.QueryFirstAsync<bool>("select harmony.gate_reset(@provider)", new { provider }, cancellationToken), cancellationToken);

    /// <summary>Makes a job due that waits for a time.</summary>
    public Task<OperatorOutcome> RunNowAsync(string actor, long jobId, CancellationToken cancellationToken) =>
        OutcomeAsync(actor, "select harmony.run_now(@jobId)", new { jobId }, cancellationToken);

    public Task PauseAsync(string actor, string scope, string name, string? reason, CancellationToken cancellationToken) =>
        PauseAsync(actor, scope, name, reason, null, cancellationToken);

    /// <summary>Scope is lane, kind, provider or schedule; without <paramref name="length"/> the pause lasts until it is resumed.</summary>
    public Task PauseAsync(string actor, string scope, string name, string? reason, TimeSpan? length, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            actor,
            work => work.ExecuteAsync(
                "select harmony.pause(@scope, @name, @reason, harmony.now() + @length)", new { scope, name, reason, length }, cancellationToken),
            cancellationToken);

    public Task<bool> ResumeAsync(string actor, string scope, string name, CancellationToken cancellationToken) =>
        database.InTransactionAsync(actor, work => work.QueryFirstAsync<bool>("select harmony.resume(@scope, @name)", new { scope, name }, cancellationToken), cancellationToken);

    /// <summary>Starts a schedule's job now, even when it is paused; null when there is no such schedule.</summary>
    public Task<long?> TriggerAsync(string actor, string schedule, CancellationToken cancellationToken) =>
        database.InTransactionAsync(actor, work => work.QueryFirstAsync<long?>("select harmony.trigger_schedule(@schedule)", new { schedule }, cancellationToken), cancellationToken);

    // A dead letter has ended; only a purge deletes it, and a purge needs its own permission.
    private static string Cancel(string job) =>
        $"case when exists (select from harmony.job d where d.job_id = {job} and d.state = 'Failed') then 'already_ended' else harmony.cancel({job}) end";

    // In portions: no transaction may lock hundreds of jobs for long.
    private async Task<IReadOnlyList<JobOperated>> EachAsync(string actor, string call, IReadOnlyList<long> jobIds, CancellationToken cancellationToken)
    {
        List<JobOperated> outcomes = [];
        foreach (var some in jobIds.Chunk(AtOnce))
        {
            outcomes.AddRange(await database.InTransactionAsync(
                actor, work => OutcomesAsync(work, $"select j as job_id, {call} as outcome from unnest(@some) j order by 1", new { some }, cancellationToken), cancellationToken));
        }

        return outcomes;
    }

    // A worker locks a job for milliseconds at its start, its end and each renewal: that is no reason to refuse an operator.
    private static async Task<OperatorOutcome> RetryBusyAsync(Func<Task<OperatorOutcome>> act, CancellationToken cancellationToken)
    {
        for (var again = 1; ; again++)
        {
            var outcome = await act();
            if (outcome != OperatorOutcome.Busy || again == MostTries)
                return outcome;
            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
        }
    }

    private Task<OperatorOutcome> OutcomeAsync(string actor, string sql, object args, CancellationToken cancellationToken) =>
        database.InTransactionAsync(actor, async work => OperatorOutcomes.Of((await work.QueryFirstAsync<string>(sql, args, cancellationToken))!), cancellationToken);

    private static async Task<IReadOnlyList<JobOperated>> OutcomesAsync(Work work, string sql, object args, CancellationToken cancellationToken) =>
        [.. (await work.QueryAsync<OutcomeRow>(sql, args, cancellationToken)).Select(r => new JobOperated(r.JobId, OperatorOutcomes.Of(r.Outcome)))];

    private sealed record OutcomeRow
    {
        public required long JobId { get; init; }

        public required string Outcome { get; init; }
    }
}
