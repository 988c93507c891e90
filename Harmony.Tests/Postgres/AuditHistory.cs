using System.Text.Json;
using Harmony.Data;

namespace Harmony.Tests.Postgres;

/// <summary>A run that was fetched: what finish_many wants to hear about it.</summary>
internal sealed record AuditRun(long TicketId, long JobId, long Fence, string Kind);

/// <summary>How a run ended, in the words of finish_many.</summary>
internal sealed record AuditEnding(string Ending)
{
    public string? Reason { get; init; }

    public string? Code { get; init; }

    public double DelaySeconds { get; init; }

    public string? WakeKey { get; init; }

    public string? ErrorType { get; init; }

    public string? Error { get; init; }
}

/// <summary>History to ask about, written by the engine's own SQL from noon of one day on; time passes when a test says so.</summary>
internal sealed class AuditHistory : IAsyncDisposable
{
    private static readonly string[] Kinds = ["sync", "fetch", "tidy"];
    private static readonly string[] Lanes = ["work", "web"];
    private static readonly int[] Rooms = [50, 50];

    private readonly TestDatabase _db;

    private AuditHistory(TestDatabase db) => _db = db;

    /// <summary><c>sync</c> is unique per id and calls spotify, <c>fetch</c> calls spotify and slskd at most twice in 100 s, <c>tidy</c> calls nobody.</summary>
    public static async Task<AuditHistory> CreateAsync()
    {
        var history = new AuditHistory(await TestDatabase.CreateAsync());
        await history.DoAsync(
            """
            select harmony.shift_clock(date_trunc('day', clock_timestamp()) + interval '36 hours 10 minutes' - clock_timestamp());
            select harmony.sync_kinds(
                '[{"kind": "sync", "lane": "work", "providers": ["spotify"], "key_template": "sync:{id}", "unique_until": "finished",
                   "max_retries": 2, "timeout_seconds": 60, "default_priority": 50, "operator_startable": true},
                  {"kind": "fetch", "lane": "web", "providers": ["spotify", "slskd"],
                   "max_retries": 5, "timeout_seconds": 60, "default_priority": 50, "operator_startable": true},
                  {"kind": "tidy", "lane": "work",
                   "max_retries": 5, "timeout_seconds": 60, "default_priority": 50, "operator_startable": true}]',
                '[{"lane": "web", "permits": 2, "seconds": 100}]');
            """);
        return history;
    }

    public TestDatabase Database => _db;

    public ValueTask DisposeAsync() => _db.DisposeAsync();

    public async Task<long> EnqueueAsync(string kind, string args = "{}", string? by = null, long? parent = null, string? runIn = null) =>
        await ScalarAsync<long>(
            """
            select e.job_id
            from harmony.enqueue(
                @kind, cast(@args as jsonb), null, harmony.now() + cast(@runIn as interval), @by, cast(@parent as bigint)) e
            """,
            new { kind, args, by, parent, runIn });

    /// <summary>Fetches all that may start now.</summary>
    public Task<IReadOnlyList<AuditRun>> StartAsync(string server = "server-a") =>
        _db.Database.QueryAsync<AuditRun>(
            """
            select
                f.ticket_id,
                f.job_id,
                f.fence,
                f.kind
            from harmony.fetch(@server, @Kinds, @Lanes, @Rooms, 100, 1) f
            order by f.job_id
            """,
            new { server, Kinds, Lanes, Rooms },
            CancellationToken.None);

    public async Task EndAsync(AuditRun run, AuditEnding ending)
    {
        var outcome = JsonSerializer.Serialize(new[]
        {
            new
            {
                t = run.TicketId, j = run.JobId, f = run.Fence, o = ending.Ending, r = ending.Reason, c = ending.Code,
                d = ending.DelaySeconds, k = ending.WakeKey, et = ending.ErrorType, em = ending.Error,
            },
        });
        Assert.AreEqual(
            "ok", await ScalarAsync<string>("select r.answer from harmony.finish_many('server-a', cast(@outcome as jsonb)) r", new { outcome }));
    }

    public async Task StartAndEndAsync(AuditEnding ending)
    {
        var runs = await StartAsync();
        Assert.HasCount(1, runs);
        await EndAsync(runs[0], ending);
    }

    public Task PassAsync(string time) =>
        DoAsync("select harmony.shift_clock(f.clock_shift + cast(@time as interval)) from harmony.fleet f", new { time });

    /// <summary>What the upkeep does: timers that are due and leases that ran out become tickets again.</summary>
    public Task UpkeepAsync() => DoAsync("select harmony.release_due(100), harmony.rescue(100)");

    /// <summary>Fires the slot of the minute that many minutes ago.</summary>
    public Task FireAsync(string schedule, int minutesAgo) =>
        DoAsync(
            "select harmony.fire(@schedule, to_timestamp((floor(extract(epoch from harmony.now()) / 60) - @minutesAgo) * 60))",
            new { schedule, minutesAgo });

    public Task AsAsync(string actor, string sql, object? args = null) =>
        _db.Database.InTransactionAsync(actor, work => work.ExecuteAsync(sql, args, CancellationToken.None), CancellationToken.None);

    public Task DoAsync(string sql, object? args = null) => _db.Database.ExecuteAsync(sql, args, CancellationToken.None);

    public Task<T?> ScalarAsync<T>(string sql, object? args = null) => _db.Database.QueryFirstAsync<T>(sql, args, CancellationToken.None);

    public Task<IReadOnlyList<AuditRow>> AskAsync(string query, params (string Name, string Value)[] variables) =>
        AuditQuery.Named(query).RunAsync(_db.Source, variables.ToDictionary(v => v.Name, v => v.Value));

    /// <summary>The columns named of every row, as <c>a | b</c>; null is <c>-</c>.</summary>
    public async Task<string[]> AskAsync(string query, string columns, params (string Name, string Value)[] variables) =>
        [.. (await AskAsync(query, variables)).Select(row => string.Join(" | ", columns.Split(' ').Select(c => row[c])))];
}
