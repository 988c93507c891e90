using System.Collections.Concurrent;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace Harmony.Orchestrator;

/// <summary>The SQL functions a server calls; one round trip writes outcomes and fetches tickets.</summary>
internal sealed class EngineFunctions(NpgsqlDataSource source, string serverId)
{
    // A silent connection must be closed within half a minute: Npgsql first tries to cancel over a new connection, which may take
    // its whole connect timeout.
    private const int CommandSeconds = 15;

    // A smaller pool cannot spare two sessions.
    private const int PoolForTwo = 10;

    public sealed record Exchange(IReadOnlyList<(long JobId, string Answer)> Answers, IReadOnlyList<JobTicket> Tickets);

    // The exchange has its own sessions: their plans stay warm, and outcomes are written even when jobs hold all other
    // connections.
    private readonly ConcurrentBag<NpgsqlConnection> _sessions = [];
    private int _open;

    /// <summary>The intended number of concurrent exchanges.</summary>
    public int WantedSessions { get; } = new NpgsqlConnectionStringBuilder(source.ConnectionString).MaxPoolSize < PoolForTwo ? 1 : 2;

    /// <summary>The possible number of concurrent exchanges: one, which opens its session itself, or the number of open sessions.</summary>
    public int Sessions => Math.Max(1, Volatile.Read(ref _open));

    /// <summary>Writes outcomes and fetches the requested tickets in one transaction. At most <see cref="Sessions"/> calls at a time.</summary>
    public async Task<Exchange> ExchangeAsync(IReadOnlyList<JobOutcome> outcomes, string[] kinds, LaneCapacity.Request request, CancellationToken cancellationToken)
    {
        if (!_sessions.TryTake(out var session))
            session = await OpenAsync(cancellationToken);
        try
        {
            var exchange = await ExchangeAsync(session, outcomes, kinds, request, cancellationToken);
            _sessions.Add(session);
            return exchange;
        }
        catch
        {
            await CloseAsync(session);
            throw;
        }
    }

    /// <summary>Opens the missing sessions while the exchange continues with the open ones.</summary>
    public async Task OpenSessionsAsync(CancellationToken cancellationToken)
    {
        while (Volatile.Read(ref _open) is > 0 and var open && open < WantedSessions)
            _sessions.Add(await OpenAsync(cancellationToken));
    }

    /// <summary>Closes the sessions of the exchange.</summary>
    public async Task CloseSessionsAsync()
    {
        while (_sessions.TryTake(out var session))
            await CloseAsync(session);
    }

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var session = await source.OpenConnectionAsync(cancellationToken);
        Interlocked.Increment(ref _open);
        return session;
    }

    private async Task CloseAsync(NpgsqlConnection session)
    {
        Interlocked.Decrement(ref _open);
        await session.DisposeAsync();
    }

    private async Task<Exchange> ExchangeAsync(
        NpgsqlConnection session, IReadOnlyList<JobOutcome> outcomes, string[] kinds, LaneCapacity.Request request, CancellationToken cancellationToken)
    {
        await using var batch = session.CreateBatch();
        batch.Timeout = CommandSeconds;
        if (outcomes.Count > 0)
            batch.BatchCommands.Add(Finish(outcomes));
        if (request.Total > 0)
            batch.BatchCommands.Add(Fetch(kinds, request));
        await using var reader = await TryAsync(() => batch.ExecuteReaderAsync(cancellationToken));

        List<(long, string)> answers = [];
        if (outcomes.Count > 0)
        {
            while (await reader.ReadAsync(cancellationToken))
                answers.Add((reader.GetInt64(0), reader.GetString(1)));
            await reader.NextResultAsync(cancellationToken);
        }

        List<JobTicket> tickets = [];
        if (request.Total > 0)
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                tickets.Add(ReadTicket(reader));
                if (!await reader.IsDBNullAsync(10, cancellationToken))
                    EngineMetrics.Started(tickets[^1].Lane, TimeSpan.FromSeconds(reader.GetDouble(10)));
            }
        }

        return new Exchange(answers, tickets);
    }

    /// <summary>The jobs whose lease was renewed; the others are lost. Does not wait for an answer that comes too late for them.</summary>
    public async Task<HashSet<long>> RenewAsync(long[] tickets, long[] fences, int leaseSeconds, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("select * from harmony.renew($1, $2)");
        command.CommandTimeout = Math.Min(leaseSeconds, CommandSeconds);
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = tickets });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = fences });
        await using var reader = await TryAsync(() => command.ExecuteReaderAsync(cancellationToken));
        HashSet<long> held = [];
        while (await reader.ReadAsync(cancellationToken))
            held.Add(reader.GetInt64(0));
        return held;
    }

    public async Task<T> ScalarAsync<T>(string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = source.CreateCommand(sql);
        command.CommandTimeout = CommandSeconds;
        foreach (var value in values)
        {
            command.Parameters.Add(value is JsonText json
                ? new NpgsqlParameter { Value = json.Text, NpgsqlDbType = NpgsqlDbType.Jsonb }
                : new NpgsqlParameter { Value = value });
        }

        return await TryAsync(() => command.ExecuteScalarAsync(cancellationToken)) is T answer ? answer : default!;
    }

    // When one connection is silent, the others of the pool are silent too: the next call must not try them one by one.
    private async Task<T> TryAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (NpgsqlException e) when (e.InnerException is TimeoutException)
        {
            source.Clear();
            throw;
        }
    }

    private NpgsqlBatchCommand Finish(IReadOnlyList<JobOutcome> outcomes) =>
        new("select job_id, answer from harmony.finish_many($1, $2)")
        {
            Parameters =
            {
                new NpgsqlParameter<string> { TypedValue = serverId },
                new NpgsqlParameter { Value = JsonSerializer.Serialize(outcomes, JobJson.Options), NpgsqlDbType = NpgsqlDbType.Jsonb },
            },
        };

    private NpgsqlBatchCommand Fetch(string[] kinds, LaneCapacity.Request request) =>
        new(
            """
            select
                f.ticket_id, f.job_id, f.fence, f.kind, f.lane, f.args_json, f.attempts, f.forced, f.requested_by, f.trace_id, f.waited_s, f.title
            from harmony.fetch($1, $2, $3, $4, $5, $6) f
            """)
        {
            Parameters =
            {
                new NpgsqlParameter<string> { TypedValue = serverId },
                new NpgsqlParameter<string[]> { TypedValue = kinds },
                new NpgsqlParameter<string[]> { TypedValue = request.Lanes },
                new NpgsqlParameter<int[]> { TypedValue = request.Room },
                new NpgsqlParameter<int> { TypedValue = request.Total },
                new NpgsqlParameter<long> { TypedValue = request.Turn },
            },
        };

    private static JobTicket ReadTicket(NpgsqlDataReader row) => new()
    {
        TicketId = row.GetInt64(0),
        JobId = row.GetInt64(1),
        Fence = row.GetInt64(2),
        Kind = row.GetString(3),
        Lane = row.GetString(4),
        ArgsJson = row.GetString(5),
        Attempts = row.GetInt32(6),
        Forced = row.GetBoolean(7),
        RequestedBy = row.IsDBNull(8) ? null : row.GetString(8),
        TraceId = row.IsDBNull(9) ? null : row.GetString(9),
        Title = row.IsDBNull(11) ? null : row.GetString(11),
    };
}
