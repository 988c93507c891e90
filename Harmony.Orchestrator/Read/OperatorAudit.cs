using System.Runtime.CompilerServices;
using Dapper;
using Harmony.Data;

namespace Harmony.Orchestrator;

/// <summary>Reads the audit of operators: actor, action, time and number of targets.</summary>
public sealed class OperatorAudit(Database database)
{
    /// <summary>Newest first.</summary>
    public Task<IReadOnlyList<OperatorAction>> ListAsync(ActionFilter filter, int limit, CancellationToken cancellationToken) =>
        database.QueryAsync<OperatorAction>(Actions(filter), Parameters(filter, limit), cancellationToken);

    /// <summary>All matches, newest first, row by row.</summary>
    public async IAsyncEnumerable<OperatorAction> StreamAsync(ActionFilter filter, int limit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await foreach (var action in connection.QueryUnbufferedAsync<OperatorAction>(Actions(filter), Parameters(filter, limit)).WithCancellation(cancellationToken))
            yield return action;
    }

    // Ids follow the time, so a span of time is a span of ids.
    private static string Actions(ActionFilter f)
    {
        List<string> parts = ["true"];
        if (f.Before is not null)
            parts.Add("a.action_id < @Before");
        if (f.Actor is not null)
            parts.Add("a.actor = @Actor");
        if (f.Actions is not null)
            parts.Add("a.action = any (@Actions)");
        if (f.Target is not null)
            parts.Add("a.target = @Target");
        if (f.From is not null)
            parts.Add("a.action_id >= (select t.action_id from harmony.operator_action t where t.at >= @From order by t.at limit 1)");
        if (f.To is not null)
            parts.Add("a.action_id <= (select t.action_id from harmony.operator_action t where t.at < @To order by t.at desc limit 1)");
        return $"""
            select
                a.action_id,
                a.at,
                a.actor,
                a.action,
                a.target,
                (select j.kind || coalesce(' · ' || j.title, '') from harmony.job j where j.job_id = harmony.try_bigint(a.target)) as about,
                a.detail::text as detail,
                a.affected,
                a.dry_run
            from harmony.operator_action a
            where {string.Join(" and ", parts)}
            order by a.action_id desc
            limit @limit
            """;
    }

    private static object Parameters(ActionFilter f, int limit) => new { f.Before, f.Actor, f.Actions, f.Target, f.From, f.To, limit };
}

/// <summary>Selects actions; a part that is null does not restrict.</summary>
public sealed record ActionFilter
{
    /// <summary>The last action the reader has.</summary>
    public long? Before { get; init; }

    public string? Actor { get; init; }

    public string[]? Actions { get; init; }

    /// <summary>A job's id, or the name of the target: lane:download, schedule:watchlist.</summary>
    public string? Target { get; init; }

    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? To { get; init; }
}

public sealed record OperatorAction
{
    public required long ActionId { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string Actor { get; init; }

    public required string Action { get; init; }

    public string? Target { get; init; }

    /// <summary>Kind and title of the target job.</summary>
    public string? About { get; init; }

    public required string Detail { get; init; }

    public int? Affected { get; init; }

    public required bool DryRun { get; init; }
}
