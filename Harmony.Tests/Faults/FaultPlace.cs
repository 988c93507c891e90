using System.Globalization;
using System.Text.Json;
using Harmony.Tests.Postgres;
using Harmony.Tests.Walks;
using Npgsql;

namespace Harmony.Tests.Faults;

/// <summary>A database with a table for effects, and worker processes on it: the place where one fault happens.</summary>
internal sealed class FaultPlace : IAsyncDisposable
{
    private readonly List<WorkerProcess> _workers = [];
    private readonly List<HarmonyProcess> _hosts = [];
    private readonly TestContext _context;

    private FaultPlace(TestDatabase db, TestContext context) => (Db, _context) = (db, context);

    public static TimeSpan Lease { get; } = TimeSpan.FromSeconds(WorkerOrders.LeaseSeconds);

    /// <summary>The promise of every rescue.</summary>
    public static TimeSpan RescueWithin { get; } = Lease + TimeSpan.FromSeconds(30);

    public TestDatabase Db { get; }

    public CancellationToken Ct => _context.CancellationToken;

    private string Root { get; } = Directory.CreateTempSubdirectory("harmony-fault-").FullName;

    /// <summary>Lets a fault happen in a place of its own; when it is not survived, the workers tell what they saw.</summary>
    public static async Task RunAsync(TestContext context, Func<FaultPlace, Task> fault, string? server = null)
    {
        var db = server is null ? await TestDatabase.CreateAsync() : await TestDatabase.CreateOnAsync(server);
        await using var place = new FaultPlace(db, context);
        try
        {
            // No key: an effect that happens twice leaves two rows.
            await place.ExecuteAsync("create table public.effect (job_id bigint not null, fence bigint not null, at timestamptz not null default clock_timestamp())");
            await fault(place);
            var complaints = await AuditQuery.Named("self_check").RunAsync(db.Source, new Dictionary<string, string>());
            Assert.IsEmpty(complaints, string.Join(Environment.NewLine, complaints.Select(c => string.Join(' ', c.Values.Values))));
        }
        catch (Exception)
        {
            place.Tell();
            throw;
        }
    }

    public async Task<WorkerProcess> StartWorkerAsync(Func<WorkerOrders, WorkerOrders>? with = null)
    {
        var worker = LaunchWorker(with);
        await JoinedAsync(worker);
        return worker;
    }

    public WorkerProcess LaunchWorker(Func<WorkerOrders, WorkerOrders>? with = null)
    {
        var address = new NpgsqlConnectionStringBuilder(Db.ConnectionString) { MaxPoolSize = 20 };
        var orders = new WorkerOrders { ConnectionString = address.ConnectionString, Name = $"worker-{_workers.Count + 1}" };
        var worker = WorkerProcess.Start(with?.Invoke(orders) ?? orders, Root);
        _workers.Add(worker);
        return worker;
    }

    public Task JoinedAsync(WorkerProcess worker) => Until.SeenAsync(
        async () =>
        {
            Assert.IsFalse(worker.HasExited, worker.Output);
            return await ScalarAsync<long>($"select count(*) from hangfire.server where id like '%:{worker.Id}:%'");
        },
        n => n == 1,
        TimeSpan.FromSeconds(60));

    /// <summary>A host with nothing but the API, ready to be asked.</summary>
    public async Task<HarmonyProcess> StartApiAsync()
    {
        var settings = new Dictionary<string, string>
        {
            ["DATABASE_URL"] = Db.ConnectionString,
            ["HOST"] = "127.0.0.1",
            ["MUSIC_DIR"] = Path.Combine(Root, "music"),
            ["DOWNLOADS_DIR"] = Path.Combine(Root, "downloads"),
            ["HARMONY_KEYS_DIR"] = Path.Combine(Root, "keys"),
            ["HARMONY_LOG_LEVEL"] = "WARNING",
            ["ORCH_VISIBILITY_TIMEOUT_S"] = WorkerOrders.LeaseSeconds.ToString(CultureInfo.InvariantCulture),
        };
        Directory.CreateDirectory(settings["MUSIC_DIR"]);
        Directory.CreateDirectory(settings["DOWNLOADS_DIR"]);
        var host = HarmonyProcess.Start(settings, Root, "api");
        _hosts.Add(host);
        return await host.ReadyAsync();
    }

    public Task EnqueueAsync(int jobs, EffectArgs args) => EnqueueAsync(EffectArgs.Kind, jobs, args);

    public Task EnqueueAsync<TArgs>(string kind, int jobs, TArgs args) => ScalarAsync<long>(
        "select count(*) from harmony.enqueue_many(@kind, (select array_agg(@args::jsonb) from generate_series(1, @jobs)))",
        new { kind, jobs, args = JsonSerializer.Serialize(args, Orchestrator.JobJson.Options) });

    public Task<T?> ScalarAsync<T>(string sql, object? args = null) => Db.Database.QueryFirstAsync<T>(sql, args, Ct);

    public Task<IReadOnlyList<T>> RowsAsync<T>(string sql, object? args = null) => Db.Database.QueryAsync<T>(sql, args, Ct);

    public Task ExecuteAsync(string sql, object? args = null) => Db.Database.ExecuteAsync(sql, args, Ct);

    public Task<DateTimeOffset> NowAsync() => ScalarAsync<DateTimeOffset>("select harmony.now()");

    public Task<T?> UntilAsync<T>(string sql, Func<T?, bool> good, TimeSpan within) => Until.SeenAsync(() => ScalarAsync<T>(sql), good, within);

    /// <summary>Every effect job has succeeded, and the effects are as many as the jobs: none lost, none twice.</summary>
    public async Task EffectsAreOnceAsync(int jobs, TimeSpan within)
    {
        try
        {
            await UntilAsync<long>("select count(*) from harmony.job where kind = 'effect' and state = 'Succeeded'", n => n == jobs, within);
        }
        catch (AssertFailedException)
        {
            Say(await ScalarAsync<string>(Unfinished) ?? "no job is left over");
            throw;
        }

        Assert.AreEqual((jobs, jobs), await EffectsAsync(), "effects, distinct effects");
    }

    public async Task<(int Effects, int Distinct)> EffectsAsync() => (
        (int)await ScalarAsync<long>("select count(*) from public.effect"),
        (int)await ScalarAsync<long>("select count(distinct job_id) from public.effect"));

    /// <summary>How long after the moment each job that was in the hands of the worker was started by another one.</summary>
    public async Task RescuedAsync(WorkerProcess lost, DateTimeOffset since)
    {
        var late = await RowsAsync<double>(
            """
            select extract(epoch from min(next.at) - @since)::float8
            from harmony.job_event first
            join harmony.job_event next on next.job_id = first.job_id and next.event_id > first.event_id and next.from_state = 'Processing'
            where first.to_state = 'Processing'
                and first.worker like @lost
                and next.to_state = 'Processing'
                and next.at > @since
            group by first.job_id
            """,
            new { lost = lost.Pattern, since });
        Assert.IsNotEmpty(late, "nothing had to be rescued: the fault hit an idle worker");
        Say($"{late.Count} rescued, the last after {late.Max():0.0} s");
        Assert.IsLessThanOrEqualTo(RescueWithin.TotalSeconds, late.Max());
    }

    public void Say(string line) => _context.WriteLine(line);

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers)
            await worker.DisposeAsync();
        foreach (var host in _hosts)
            await host.DisposeAsync();
        await Db.DisposeAsync();
        Directory.Delete(Root, recursive: true);
    }

    private void Tell()
    {
        foreach (var worker in _workers)
            Say($"{worker.Name} ({worker.Id}): {worker.Output}");
        foreach (var host in _hosts)
            Say($"host ({host.Id}): {host.Output}");
    }

    private const string Unfinished =
        """
        select string_agg(concat_ws(' ', l.job_id, l.kind, l.args, l.state, l.reason_code, l.last_error, h.path), e'\n' order by l.job_id)
        from harmony.job l
        cross join lateral (
            select string_agg(concat_ws(' ', to_char(e.at, 'MI:SS.MS'), e.to_state, e.worker, e.reason), ' > ' order by e.event_id) as path
            from harmony.job_event e
            where e.job_id = l.job_id
        ) h
        where l.state <> 'Succeeded'
        """;
}
