using Dapper;
using Harmony.Data;

namespace Harmony.Orchestrator;

/// <summary>Reads the state of the engine. Every caller reads only the data it shows, in one round trip.</summary>
public sealed class EngineState(Database database)
{
    /// <summary>Counts are exact up to here and estimated or cut beyond: exact counts of that size cost too much and help no operator.</summary>
    public const int MostCounted = 100_000;

    public Task<DateTimeOffset> NowAsync(CancellationToken cancellationToken) => database.QueryFirstAsync<DateTimeOffset>(EngineStateSql.Now, null, cancellationToken);

    public Task<IReadOnlyList<PauseFigures>> ListPausesAsync(CancellationToken cancellationToken) => database.QueryAsync<PauseFigures>(EngineStateSql.Pauses, null, cancellationToken);

    public Task<IReadOnlyList<GateFigures>> ListGatesAsync(CancellationToken cancellationToken) => database.QueryAsync<GateFigures>(EngineStateSql.Gates, null, cancellationToken);

    /// <summary>The number of live job servers: cheap enough for a probe.</summary>
    public Task<long> CountLiveServersAsync(TimeSpan heardWithin, CancellationToken cancellationToken) =>
        database.QueryFirstAsync<long>(
            """
            select count(*)
            from harmony.servers() s
            where s.heartbeat > harmony.now() - @heardWithin
            """,
            new { heardWithin },
            cancellationToken);

    public Task<LaneReading> ReadLanesAsync(CancellationToken cancellationToken) => ReadAsync(
        [EngineStateSql.Lanes, EngineStateSql.Pauses, EngineStateSql.Rates],
        async sets => new LaneReading
        {
            Lanes = [.. await sets.ReadAsync<LaneFigures>()],
            Pauses = [.. await sets.ReadAsync<PauseFigures>()],
            Rates = [.. await sets.ReadAsync<RateFigures>()],
        },
        cancellationToken);

    public Task<LanesPageReading> ReadLanesPageAsync(CancellationToken cancellationToken) => ReadAsync(
        [EngineStateSql.Now, EngineStateSql.Lanes, EngineStateSql.Pauses],
        async sets => new LanesPageReading
        {
            Now = await sets.ReadSingleAsync<DateTimeOffset>(),
            Lanes = [.. await sets.ReadAsync<LaneFigures>()],
            Pauses = [.. await sets.ReadAsync<PauseFigures>()],
        },
        cancellationToken);

    public Task<StatusReading> ReadStatusAsync(CancellationToken cancellationToken) => ReadAsync(
        [EngineStateSql.Now, EngineStateSql.Lanes, EngineStateSql.Pauses, EngineStateSql.Gates, EngineStateSql.Servers, DeadLetters.CountSql],
        async sets => new StatusReading
        {
            Now = await sets.ReadSingleAsync<DateTimeOffset>(),
            Lanes = [.. await sets.ReadAsync<LaneFigures>()],
            Pauses = [.. await sets.ReadAsync<PauseFigures>()],
            Gates = [.. await sets.ReadAsync<GateFigures>()],
            Servers = [.. await sets.ReadAsync<ServerFigures>()],
            DeadLetters = await sets.ReadSingleAsync<long>(),
        },
        cancellationToken);

    /// <summary>The gauges of a scrape.</summary>
    public Task<MetricsReading> ReadMetricsAsync(CancellationToken cancellationToken) => ReadAsync(
        [
            EngineStateSql.Now, EngineStateSql.Lanes, EngineStateSql.EndedLastHour, DeadLetters.GroupsSql, EngineStateSql.Gates, EngineStateSql.Pauses,
            EngineStateSql.Rates, EngineStateSql.Servers, EngineStateSql.Parked,
        ],
        async sets => new MetricsReading
        {
            Now = await sets.ReadSingleAsync<DateTimeOffset>(),
            Lanes = [.. await sets.ReadAsync<LaneFigures>()],
            EndedLastHour = await sets.ReadSingleAsync<EndFigures>(),
            DeadLetters = DeadLetterReason.Of(await sets.ReadAsync<DeadLetterGroup>()),
            Gates = [.. await sets.ReadAsync<GateFigures>()],
            Pauses = [.. await sets.ReadAsync<PauseFigures>()],
            Rates = [.. await sets.ReadAsync<RateFigures>()],
            Servers = [.. await sets.ReadAsync<ServerFigures>()],
            Parked = await sets.ReadSingleAsync<long>(),
        },
        cancellationToken);

    /// <summary>The summary of the engine for the first page.</summary>
    public Task<OverviewReading> ReadOverviewAsync(CancellationToken cancellationToken) => ReadAsync(
        [
            EngineStateSql.Now, EngineStateSql.Lanes, EngineStateSql.States, EngineStateSql.Minutes, EngineStateSql.Days, DeadLetters.GroupsSql,
            EngineStateSql.Gates, EngineStateSql.Pauses, EngineStateSql.Rates, EngineStateSql.Servers, EngineStateSql.Size,
        ],
        async sets => new OverviewReading
        {
            Now = await sets.ReadSingleAsync<DateTimeOffset>(),
            Lanes = [.. await sets.ReadAsync<LaneFigures>()],
            States = [.. await sets.ReadAsync<StateFigures>()],
            Minutes = [.. await sets.ReadAsync<MinuteFigures>()],
            Days = [.. await sets.ReadAsync<DayFigures>()],
            DeadLetters = DeadLetterReason.Of(await sets.ReadAsync<DeadLetterGroup>()),
            Gates = [.. await sets.ReadAsync<GateFigures>()],
            Pauses = [.. await sets.ReadAsync<PauseFigures>()],
            Rates = [.. await sets.ReadAsync<RateFigures>()],
            Servers = [.. await sets.ReadAsync<ServerFigures>()],
            Size = await sets.ReadSingleAsync<SizeFigures>(),
        },
        cancellationToken);

    public Task<IReadOnlyList<KindLine>> ListKindsAsync(CancellationToken cancellationToken) =>
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
                k.operator_startable
            from harmony.kind k
            order by k.lane, k.kind
            """,
            null,
            cancellationToken);

    /// <summary>All targets of a pause, by their names in the pause.</summary>
    public Task<IReadOnlyList<PauseTarget>> ListPausableAsync(CancellationToken cancellationToken) =>
        database.QueryAsync<PauseTarget>(
            """
            select
                t.scope,
                t.name
            from (
                select 'lane' as scope, k.lane as name from harmony.kind k
                union
                select 'kind', k.kind from harmony.kind k
                union
                select 'provider', unnest(k.providers) from harmony.kind k
                union
                select 'schedule', s.schedule from harmony.schedule s
            ) t
            order by array_position(array['lane', 'kind', 'provider', 'schedule'], t.scope), t.name
            """,
            null,
            cancellationToken);

    private async Task<T> ReadAsync<T>(IReadOnlyList<string> statements, Func<SqlMapper.GridReader, Task<T>> read, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var sets = await connection.QueryMultipleAsync(
            new CommandDefinition(string.Join(";\n", statements), new { MostCounted }, cancellationToken: cancellationToken));
        return await read(sets);
    }
}
