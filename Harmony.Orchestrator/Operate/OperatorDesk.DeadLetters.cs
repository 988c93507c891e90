using Harmony.Data;

namespace Harmony.Orchestrator;

/// <summary>Requeue and purge: by ids, or by whatever a choice matches.</summary>
public sealed partial class OperatorDesk
{
    /// <summary>A full attempt budget again; the outcome of each id is named.</summary>
    public async Task<IReadOnlyList<Requeued>> RequeueAsync(string actor, IReadOnlyList<long> jobIds, CancellationToken ct) =>
        (await RequeueAsync(actor, new DeadLetterChoice { JobIds = [.. jobIds] }, jobIds.Count, ct)).Outcomes;

    public Task<DeadLettersMoved> RequeueAsync(string actor, DeadLetterChoice choice, int most, CancellationToken ct) =>
        MoveAsync(actor, "requeue", choice, most, ct);

    /// <summary>Dead letters become Deleted, their history stays.</summary>
    public Task<DeadLettersMoved> PurgeAsync(string actor, DeadLetterChoice choice, int most, CancellationToken ct) =>
        MoveAsync(actor, "purge", choice, most, ct);

    // The oldest come first. A dry run counts all of them: that is what it is asked for.
    private Task<DeadLettersMoved> MoveAsync(string actor, string function, DeadLetterChoice choice, int most, CancellationToken ct) =>
        AsAsync(
            actor,
            async work =>
            {
                if (choice.DryRun)
                    return new DeadLettersMoved(await CountAsync(work, function, choice, ct), []);
                if (choice.JobIds is not null)
                    return Moved(await CallAsync(work, function, choice, ct));

                var matching = await work.QueryAsync<long>(
                    "select m from harmony.matching_dead(null, @Kind, @ReasonCode, @OlderThan, @Text) m", choice, ct);
                return matching.Count == 0
                    ? Moved(await CallAsync(work, function, choice, ct))
                    : new DeadLettersMoved(matching.Count, await CallAsync(work, function, choice with { JobIds = [.. matching.Take(most)] }, ct));
            },
            ct);

    private static DeadLettersMoved Moved(IReadOnlyList<Requeued> outcomes) =>
        new(outcomes.Count(o => o.Outcome is not ("not_found" or "not_dead_letter")), outcomes);

    private static Task<IReadOnlyList<Requeued>> CallAsync(Work work, string function, DeadLetterChoice choice, CancellationToken ct) =>
        work.QueryAsync<Requeued>($"select r.job_id, r.outcome from {Call(function)} r", choice, ct);

    private static Task<long> CountAsync(Work work, string function, DeadLetterChoice choice, CancellationToken ct) =>
        work.QueryFirstAsync<long>($"select count(*) from {Call(function)} r where r.outcome like 'would%'", choice, ct);

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

/// <summary>Which dead letters; a part that is null does not matter.</summary>
public sealed record DeadLetterChoice
{
    public long[]? JobIds { get; init; }

    public string? Kind { get; init; }

    public string? ReasonCode { get; init; }

    public TimeSpan? OlderThan { get; init; }

    /// <summary>Part of the last error, whatever the case.</summary>
    public string? Text { get; init; }

    /// <summary>Only counts, and notes that it was asked.</summary>
    public bool DryRun { get; init; }
}

/// <summary>How many the choice meant, and what became of those that were taken.</summary>
public sealed record DeadLettersMoved(long Matched, IReadOnlyList<Requeued> Outcomes);

public sealed record Requeued
{
    public required long JobId { get; init; }

    public required string Outcome { get; init; }
}
