using Harmony.Data;

namespace Harmony.Orchestrator;

/// <summary>Requeue and purge: by ids, or by a choice.</summary>
public sealed partial class JobOperations
{
    /// <summary>Restores the full attempt budget; returns the outcome of each id.</summary>
    public async Task<IReadOnlyList<JobOperated>> RequeueAsync(string actor, IReadOnlyList<long> jobIds, CancellationToken cancellationToken) =>
        (await RequeueAsync(actor, new DeadLetterChoice { JobIds = [.. jobIds] }, jobIds.Count, cancellationToken)).Outcomes;

    public Task<DeadLettersMoved> RequeueAsync(string actor, DeadLetterChoice choice, int most, CancellationToken cancellationToken) =>
        MoveAsync(actor, "requeue", choice, most, cancellationToken);

    /// <summary>Dead letters become Deleted; their history remains.</summary>
    public Task<DeadLettersMoved> PurgeAsync(string actor, DeadLetterChoice choice, int most, CancellationToken cancellationToken) =>
        MoveAsync(actor, "purge", choice, most, cancellationToken);

    // The oldest come first. A dry run counts all of them: the count is its purpose.
    private Task<DeadLettersMoved> MoveAsync(string actor, string function, DeadLetterChoice choice, int most, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            actor,
            async work =>
            {
                if (choice.DryRun)
                    return new DeadLettersMoved(await CountAsync(work, function, choice, cancellationToken), []);
                if (choice.JobIds is not null)
                    return Moved(await CallAsync(work, function, choice, cancellationToken));

                var matching = await work.QueryAsync<long>(
                    "select m from harmony.matching_dead(null, @Kind, @ReasonCode, @OlderThan, @Text) m", choice, cancellationToken);
                return matching.Count == 0
                    ? Moved(await CallAsync(work, function, choice, cancellationToken))
                    : new DeadLettersMoved(matching.Count, await CallAsync(work, function, choice with { JobIds = [.. matching.Take(most)] }, cancellationToken));
            },
            cancellationToken);

    private static DeadLettersMoved Moved(IReadOnlyList<JobOperated> outcomes) =>
        new(outcomes.Count(o => o.Outcome is not (OperatorOutcome.NotFound or OperatorOutcome.NotDeadLetter)), outcomes);

    private static Task<IReadOnlyList<JobOperated>> CallAsync(Work work, string function, DeadLetterChoice choice, CancellationToken cancellationToken) =>
        OutcomesAsync(work, $"select r.job_id, r.outcome from {Call(function)} r", choice, cancellationToken);

    private static Task<long> CountAsync(Work work, string function, DeadLetterChoice choice, CancellationToken cancellationToken) =>
        work.QueryFirstAsync<long>($"select count(*) from {Call(function)} r where r.outcome like 'would%'", choice, cancellationToken);

    private static string Call(string function) =>
        $"""
        harmony.{function}(
            job_ids => @JobIds,
            kind => @Kind,
            reason_code => @ReasonCode,
            older_than => @OlderThan,
            text_like => @Text,
            dry_run => @DryRun)
        """;
}
