using System.Globalization;
using System.Text.RegularExpressions;
using Harmony.Data;

namespace Harmony.Orchestrator;

/// <summary>What the engine knows and was told: kinds, schedules, and who did what.</summary>
public sealed class EngineBoard(Database database)
{
    public Task<IReadOnlyList<KindLine>> ListKindsAsync(CancellationToken ct) =>
        database.QueryAsync<KindLine>(
            """
            select
                k.kind,
                k.lane,
                array_to_string(k.providers, ', ') as providers,
                k.key_template,
                k.unique_until,
                k.max_retries,
                k.timeout,
                k.default_priority,
                k.operator_startable
            from harmony.kind k
            order by k.lane, k.kind
            """,
            null,
            ct);

    public Task<IReadOnlyList<ScheduleLine>> ListSchedulesAsync(CancellationToken ct) =>
        database.QueryAsync<ScheduleLine>(
            """
            select
                s.schedule,
                s.kind,
                s.expression,
                s.zone,
                s.enabled,
                last.slot as last_slot,
                last.fired_at as last_fired,
                last.job_id as last_job_id,
                j.state as last_state
            from harmony.schedule s
            left join lateral (
                select
                    x.slot,
                    x.fired_at,
                    x.job_id
                from harmony.schedule_slot x
                where x.schedule = s.schedule
                order by x.slot desc
                limit 1
            ) last on true
            left join harmony.job j on j.job_id = last.job_id
            order by s.schedule
            """,
            null,
            ct);

    /// <summary>Newest first; <paramref name="before"/> is the last action the reader has.</summary>
    public Task<IReadOnlyList<OperatorAction>> ListActionsAsync(long? before, int limit, CancellationToken ct) =>
        database.QueryAsync<OperatorAction>(
            """
            select
                a.action_id,
                a.at,
                a.actor,
                a.action,
                a.target,
                a.detail::text as detail,
                a.affected,
                a.dry_run
            from harmony.operator_action a
            where @before is null
                or a.action_id < @before
            order by a.action_id desc
            limit @limit
            """,
            new { before, limit },
            ct);
}

public sealed record KindLine
{
    public required string Kind { get; init; }

    public required string Lane { get; init; }

    public required string Providers { get; init; }

    public string? KeyTemplate { get; init; }

    public string? UniqueUntil { get; init; }

    public required int MaxRetries { get; init; }

    public required TimeSpan Timeout { get; init; }

    public required int DefaultPriority { get; init; }

    public required bool OperatorStartable { get; init; }
}

public sealed partial record ScheduleLine
{
    public required string Schedule { get; init; }

    public required string Kind { get; init; }

    public required string Expression { get; init; }

    public required string Zone { get; init; }

    public required bool Enabled { get; init; }

    public DateTimeOffset? LastSlot { get; init; }

    public DateTimeOffset? LastFired { get; init; }

    public long? LastJobId { get; init; }

    public string? LastState { get; init; }

    /// <summary>The slot after the last one, for schedules of a fixed interval such as <c>every 60 s</c>.</summary>
    public DateTimeOffset? Next =>
        LastSlot is { } last && Interval().Match(Expression) is { Success: true } match
            ? last.AddSeconds(double.Parse(match.Groups["seconds"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture))
            : null;

    [GeneratedRegex("^every (?<seconds>[0-9]{1,9}) ?s$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Interval();
}

public sealed record OperatorAction
{
    public required long ActionId { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string Actor { get; init; }

    public required string Action { get; init; }

    public string? Target { get; init; }

    public required string Detail { get; init; }

    public int? Affected { get; init; }

    public required bool DryRun { get; init; }
}
