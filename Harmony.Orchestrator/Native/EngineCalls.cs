using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace Harmony.Orchestrator.Native;

/// <summary>The few SQL functions a server calls; one round trip carries outcomes out and new tickets in.</summary>
internal sealed class EngineCalls(NpgsqlDataSource source, string serverId)
{
    // A silent connection is given up before half a minute is over: Npgsql first tries to cancel over a new one, which may take
    // all of its connect timeout.
    private const int CommandSeconds = 15;

    public sealed record Exchange(IReadOnlyList<(long JobId, string Answer)> Answers, IReadOnlyList<JobTicket> Tickets);

    // The exchange has a session of its own: its plans stay warm, and jobs that hold all the others cannot keep outcomes from
    // being written.
    private NpgsqlConnection? _line;

    /// <summary>Writes outcomes and fetches up to the given room, in one transaction. Never more than one at a time.</summary>
    public async Task<Exchange> ExchangeAsync(
        IReadOnlyList<JobOutcome> outcomes, string[] kinds, string[] lanes, int[] rooms, int total, long turn, CancellationToken ct)
    {
        _line ??= await source.OpenConnectionAsync(ct);
        try
        {
            return await ExchangeAsync(_line, outcomes, kinds, lanes, rooms, total, turn, ct);
        }
        catch
        {
            await HangUpAsync();
            throw;
        }
    }

    /// <summary>Gives the session of the exchange back.</summary>
    public async Task HangUpAsync()
    {
        if (Interlocked.Exchange(ref _line, null) is { } line)
            await line.DisposeAsync();
    }

    private async Task<Exchange> ExchangeAsync(
        NpgsqlConnection line, IReadOnlyList<JobOutcome> outcomes, string[] kinds, string[] lanes, int[] rooms, int total, long turn, CancellationToken ct)
    {
        await using var batch = line.CreateBatch();
        batch.Timeout = CommandSeconds;
        if (outcomes.Count > 0)
            batch.BatchCommands.Add(Finish(outcomes));
        if (total > 0)
            batch.BatchCommands.Add(Fetch(kinds, lanes, rooms, total, turn));
        await using var reader = await TryAsync(() => batch.ExecuteReaderAsync(ct));

        List<(long, string)> answers = [];
        if (outcomes.Count > 0)
        {
            while (await reader.ReadAsync(ct))
                answers.Add((reader.GetInt64(0), reader.GetString(1)));
            await reader.NextResultAsync(ct);
        }

        List<JobTicket> tickets = [];
        if (total > 0)
        {
            while (await reader.ReadAsync(ct))
            {
                tickets.Add(ReadTicket(reader));
                if (!await reader.IsDBNullAsync(10, ct))
                    EngineMetrics.Started(tickets[^1].Lane, TimeSpan.FromSeconds(reader.GetDouble(10)));
            }
        }

        return new Exchange(answers, tickets);
    }

    /// <summary>The jobs whose lease was renewed; the others are lost. An answer that comes too late for them is not waited for.</summary>
    public async Task<HashSet<long>> RenewAsync(long[] tickets, long[] fences, int leaseSeconds, CancellationToken ct)
    {
        await using var command = source.CreateCommand("select * from harmony.renew($1, $2)");
        command.CommandTimeout = Math.Min(leaseSeconds, CommandSeconds);
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = tickets });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = fences });
        await using var reader = await TryAsync(() => command.ExecuteReaderAsync(ct));
        HashSet<long> held = [];
        while (await reader.ReadAsync(ct))
            held.Add(reader.GetInt64(0));
        return held;
    }

    public async Task<T> ScalarAsync<T>(string sql, CancellationToken ct, params object[] values)
    {
        await using var command = source.CreateCommand(sql);
        command.CommandTimeout = CommandSeconds;
        foreach (var value in values)
            command.Parameters.Add(value is JsonText json
                ? new NpgsqlParameter { Value = json.Text, NpgsqlDbType = NpgsqlDbType.Jsonb }
                : new NpgsqlParameter { Value = value });
        return await TryAsync(() => command.ExecuteScalarAsync(ct)) is T answer ? answer : default!;
    }

    // Where one connection has fallen silent, the others of the pool have too: the next call must not try them one by one.
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

    private NpgsqlBatchCommand Fetch(string[] kinds, string[] lanes, int[] rooms, int total, long turn) =>
        new(
            """
            select
                f.ticket_id, f.job_id, f.fence, f.kind, f.lane, f.args_json, f.attempts, f.forced, f.requested_by, f.trace_id, f.waited_s
            from harmony.fetch($1, $2, $3, $4, $5, $6) f
            """)
        {
            Parameters =
            {
                new NpgsqlParameter<string> { TypedValue = serverId },
                new NpgsqlParameter<string[]> { TypedValue = kinds },
                new NpgsqlParameter<string[]> { TypedValue = lanes },
                new NpgsqlParameter<int[]> { TypedValue = rooms },
                new NpgsqlParameter<int> { TypedValue = total },
                new NpgsqlParameter<long> { TypedValue = turn },
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
    };
}

/// <summary>Text bound for a jsonb parameter.</summary>
internal sealed record JsonText(string Text);
