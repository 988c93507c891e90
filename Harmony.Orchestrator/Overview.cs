using Dapper;
using Harmony.Data;

namespace Harmony.Orchestrator;

/// <summary>The engine at a glance: what the first page shows, read in one round trip.</summary>
public sealed class Overview(Database database)
{
    public async Task<OverviewFigures> ReadAsync(CancellationToken ct)
    {
        await using var connection = await database.Source.OpenConnectionAsync(ct);
        await using var sets = await connection.QueryMultipleAsync(new CommandDefinition(
            string.Join(";\n", NowSql, LanesSql, MinutesSql, DeadSql, GatesSql, PausesSql, RatesSql, ServersSql, ParkedSql), cancellationToken: ct));
        return new OverviewFigures
        {
            Now = await sets.ReadSingleAsync<DateTimeOffset>(),
            Lanes = [.. await sets.ReadAsync<LaneFigures>()],
            Minutes = [.. await sets.ReadAsync<MinuteFigures>()],
            DeadLetters = [.. await sets.ReadAsync<DeadLetterFigures>()],
            Gates = [.. await sets.ReadAsync<GateFigures>()],
            Pauses = [.. await sets.ReadAsync<PauseFigures>()],
            Rates = [.. await sets.ReadAsync<RateFigures>()],
            Servers = [.. await sets.ReadAsync<ServerFigures>()],
            Parked = await sets.ReadSingleAsync<long>(),
        };
    }

    private const string NowSql = "select harmony.now()";

    private const string LanesSql =
        """
        select
            k.lane,
            coalesce(l.waiting, 0) as waiting,
            coalesce(l.running, 0) as running,
            coalesce(l.later, 0) as later,
            l.oldest_waiting
        from (
            select distinct lane
            from harmony.kind
        ) k
        left join (
            select
                lane,
                count(*) filter (where state = 'Enqueued') as waiting,
                count(*) filter (where state = 'Processing') as running,
                count(*) filter (where state = 'Scheduled') as later,
                min(coalesce(due_at, created_at)) filter (where state = 'Enqueued') as oldest_waiting
            from harmony.job
            where state in ('Enqueued', 'Processing', 'Scheduled')
            group by lane
        ) l on l.lane = k.lane
        order by k.lane
        """;

    private const string MinutesSql =
        """
        select
            date_trunc('minute', finished_at) as minute,
            count(*) filter (where state = 'Succeeded') as done,
            count(*) filter (where state = 'Failed') as dead
        from harmony.job
        where finished_at > harmony.now() - interval '60 minutes'
        group by 1
        order by 1
        """;

    private const string DeadSql =
        """
        select
            coalesce(reason_code, 'unknown') as reason_code,
            count(*) as jobs,
            max(dead_lettered_at) as newest
        from harmony.job
        where state = 'Failed'
        group by 1
        order by 2 desc, 1
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
                    and u.used_at > harmony.now() - w.window_length
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

    /// <summary>The last hour; minutes in which nothing ended have no row.</summary>
    public required IReadOnlyList<MinuteFigures> Minutes { get; init; }

    public required IReadOnlyList<DeadLetterFigures> DeadLetters { get; init; }

    public required IReadOnlyList<GateFigures> Gates { get; init; }

    public required IReadOnlyList<PauseFigures> Pauses { get; init; }

    public required IReadOnlyList<RateFigures> Rates { get; init; }

    public required IReadOnlyList<ServerFigures> Servers { get; init; }

    /// <summary>Tickets set aside because their kind is paused or their provider's gate is closed.</summary>
    public required long Parked { get; init; }
}

public sealed record LaneFigures
{
    public required string Lane { get; init; }

    public required long Waiting { get; init; }

    public required long Running { get; init; }

    public required long Later { get; init; }

    public DateTimeOffset? OldestWaiting { get; init; }
}

public sealed record MinuteFigures
{
    public required DateTimeOffset Minute { get; init; }

    public required long Done { get; init; }

    public required long Dead { get; init; }
}

public sealed record DeadLetterFigures
{
    public required string ReasonCode { get; init; }

    public required long Jobs { get; init; }

    public DateTimeOffset? Newest { get; init; }
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
