using Harmony.Data;

namespace Harmony.Orchestrator;

/// <summary>What the engine knows and was told: kinds, and who did what.</summary>
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
