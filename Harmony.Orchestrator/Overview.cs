using Dapper;
using Harmony.Data;

namespace Harmony.Orchestrator;

/// <summary>The engine at a glance: what the first page shows, read in one round trip.</summary>
public sealed class Overview(Database database)
{
    /// <summary>Exact up to here, about right or cut beyond: an operator learns nothing from the seventh digit, and counting it would cost.</summary>
    public const int MostCounted = 100_000;

    public async Task<OverviewFigures> ReadAsync(CancellationToken ct)
    {
        await using var connection = await database.Source.OpenConnectionAsync(ct);
        await using var sets = await connection.QueryMultipleAsync(new CommandDefinition(
            string.Join(";\n", NowSql, LanesSql, StatesSql, MinutesSql, DaysSql, DeadSql, GatesSql, PausesSql, RatesSql, ServersSql, SizeSql, ParkedSql),
            new { MostCounted },
            cancellationToken: ct));
        return new OverviewFigures
        {
            Now = await sets.ReadSingleAsync<DateTimeOffset>(),
            Lanes = [.. await sets.ReadAsync<LaneFigures>()],
            States = [.. await sets.ReadAsync<StateFigures>()],
            Minutes = [.. await sets.ReadAsync<MinuteFigures>()],
            Days = [.. await sets.ReadAsync<DayFigures>()],
            DeadLetters = [.. await sets.ReadAsync<DeadLetterFigures>()],
            Gates = [.. await sets.ReadAsync<GateFigures>()],
            Pauses = [.. await sets.ReadAsync<PauseFigures>()],
            Rates = [.. await sets.ReadAsync<RateFigures>()],
            Servers = [.. await sets.ReadAsync<ServerFigures>()],
            Size = await sets.ReadSingleAsync<SizeFigures>(),
            Parked = await sets.ReadSingleAsync<long>(),
        };
    }

    private const string NowSql = "select harmony.now()";

    private const string LanesSql =
        """
        select
            lane,
            waiting,
            running,
            later,
            parked,
            oldest_waiting
        from harmony.lane_figures(@MostCounted)
        """;

    private const string StatesSql =
        """
        select
            state,
            jobs,
            about
        from harmony.state_figures(@MostCounted)
        """;

    // The time as a subquery: harmony.now() may be shifted and so is volatile, and no index is asked for what may differ from row to row.
    // Runs that failed: those of jobs that will be tried again and those of dead letters.
    private const string MinutesSql =
        """
        select
            minute,
            sum(done)::bigint as done,
            greatest(0, sum(failed) - sum(dead))::bigint as retried,
            sum(dead)::bigint as dead
        from (
            (
                select
                    date_trunc('minute', finished_at) as minute,
                    (state = 'Succeeded')::integer as done,
                    0 as failed,
                    (state = 'Failed')::integer as dead
                from harmony.job
                where finished_at > (select harmony.now()) - interval '60 minutes'
                order by finished_at desc
                limit @MostCounted
            )
            union all
            (
                select
                    date_trunc('minute', at),
                    0,
                    1,
                    0
                from harmony.job_event
                where to_state = 'Failed'
                    and at > (select harmony.now()) - interval '60 minutes'
                order by at desc
                limit @MostCounted
            )
        ) ends
        group by minute
        order by minute
        """;

    private const string DaysSql = "select day, done, retried, dead from harmony.day_figures(30)";

    private const string DeadSql =
        """
        select
            coalesce(reason_code, 'unknown') as reason_code,
            count(*) as jobs,
            max(dead_lettered_at) as newest,
            count(*) filter (where dead_lettered_at > (select harmony.now()) - interval '5 minutes') as fresh
        from harmony.job
        where state = 'Failed'
        group by 1
        order by 2 desc, 1
        """;

    private const string SizeSql =
        """
        select
            pg_database_size(current_database()) as bytes,
            (select count(*) from pg_stat_activity where datname = current_database()) as sessions,
            current_setting('max_connections')::integer as most_sessions
        """;

    private const string GatesSql =
        """
        select
            provider,
            state,
            failures,
            blocked_until,
            reason,
            changed_at
        from harmony.provider_gate
        order by provider
        """;

    private const string PausesSql =
        """
        select
            scope,
            name,
            reason,
            paused_by,
            paused_at,
            until
        from harmony.pause
        where until is null
            or until > harmony.now()
        order by scope, name
        """;

    private const string RatesSql =
        """
        select
            w.lane,
            w.permits,
            w.window_length as length,
            (
                select count(*)
                from harmony.rate_use u
                where u.lane = w.lane
                    and u.used_at > (select harmony.now()) - w.window_length
            ) as used
        from harmony.rate_window w
        order by w.lane
        """;

    private const string ServersSql =
        """
        select
            id,
            queues,
            workers,
            started_at,
            heartbeat
        from harmony.servers()
        """;

    private const string ParkedSql =
        """
        select count(*)
        from harmony.tickets()
        where queue = 'parked'
        """;
}

public sealed record OverviewFigures
{
    public required DateTimeOffset Now { get; init; }

    public required IReadOnlyList<LaneFigures> Lanes { get; init; }

    public required IReadOnlyList<StateFigures> States { get; init; }

    /// <summary>The last hour, of it the newest hundred thousand ends; minutes in which nothing ended have no row.</summary>
    public required IReadOnlyList<MinuteFigures> Minutes { get; init; }

    /// <summary>The last thirty days, each with a row.</summary>
    public required IReadOnlyList<DayFigures> Days { get; init; }

    public required IReadOnlyList<DeadLetterFigures> DeadLetters { get; init; }

    public required IReadOnlyList<GateFigures> Gates { get; init; }

    public required IReadOnlyList<PauseFigures> Pauses { get; init; }

    public required IReadOnlyList<RateFigures> Rates { get; init; }

    public required IReadOnlyList<ServerFigures> Servers { get; init; }

    public required SizeFigures Size { get; init; }

    /// <summary>Tickets set aside because their kind is paused or their provider's gate is closed.</summary>
    public required long Parked { get; init; }
}

public sealed record LaneFigures
{
    public required string Lane { get; init; }

    public required long Waiting { get; init; }

    public required long Running { get; init; }

    public required long Later { get; init; }

    /// <summary>Of those that wait: set aside until their kind or provider is free.</summary>
    public required long Parked { get; init; }

    public DateTimeOffset? OldestWaiting { get; init; }
}

public sealed record StateFigures
{
    public required string State { get; init; }

    public required long Jobs { get; init; }

    /// <summary>Too many to count: what the database's statistics say.</summary>
    public required bool About { get; init; }
}

public sealed record DayFigures
{
    public required DateOnly Day { get; init; }

    public required long Done { get; init; }

    /// <summary>Runs that failed, of jobs that were tried again.</summary>
    public required long Retried { get; init; }

    public required long Dead { get; init; }
}

public sealed record SizeFigures
{
    public required long Bytes { get; init; }

    public required long Sessions { get; init; }

    public required int MostSessions { get; init; }
}

public sealed record MinuteFigures
{
    public required DateTimeOffset Minute { get; init; }

    public required long Done { get; init; }

    /// <summary>Runs that failed and are tried again.</summary>
    public required long Retried { get; init; }

    public required long Dead { get; init; }
}

public sealed record DeadLetterFigures
{
    public required string ReasonCode { get; init; }

    public required long Jobs { get; init; }

    public DateTimeOffset? Newest { get; init; }

    /// <summary>Of them, in the last five minutes.</summary>
    public required long Fresh { get; init; }
}

public sealed record GateFigures
{
    public required string Provider { get; init; }

    public required string State { get; init; }

    public required int Failures { get; init; }

    public DateTimeOffset? BlockedUntil { get; init; }

    public string? Reason { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }
}

public sealed record PauseFigures
{
    public required string Scope { get; init; }

    public required string Name { get; init; }

    public string? Reason { get; init; }

    public required string PausedBy { get; init; }

    public required DateTimeOffset PausedAt { get; init; }

    public DateTimeOffset? Until { get; init; }
}

public sealed record RateFigures
{
    public required string Lane { get; init; }

    public required int Permits { get; init; }

    public required TimeSpan Length { get; init; }

    public required long Used { get; init; }
}

public sealed record ServerFigures
{
    public required string Id { get; init; }

    public string? Queues { get; init; }

    public int? Workers { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public required DateTimeOffset Heartbeat { get; init; }
}
