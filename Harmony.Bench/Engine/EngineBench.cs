using System.Diagnostics;
using Harmony.Bench.Figures;
using Harmony.Data;
using Harmony.Orchestrator;
using Npgsql;

namespace Harmony.Bench.Engine;

/// <summary>
/// What the engine costs, beside references measured in the same run on the same cluster: a bare queue table burnt down
/// with SKIP LOCKED, a bare insert, and other products where their scripts are at hand. Absolute figures belong to the
/// machine; the ratios travel.
/// </summary>
internal sealed class EngineBench(Database database, NpgsqlDataSource source, string connectionString, Action<string> say)
{
    private const int LargestCall = 50_000;

    private long _enqueued = BenchJob.Runs;

    // For what takes as long as it takes, such as a vacuum on a disk that is busy; there from the first line of a run.
    private Database _patient = null!;

    public async Task<IReadOnlyList<BenchFigure>> RunAsync(BenchPlan plan, CancellationToken cancellationToken)
    {
        List<BenchFigure> figures = [];
        await using (await StartAsync(1, cancellationToken))
        {
            // The first start tells the database which kinds there are.
        }

        var patience = new NpgsqlConnectionStringBuilder(connectionString) { CommandTimeout = 600, Options = "-c jit=off" };
        await using var patient = NpgsqlDataSource.Create(patience.ConnectionString);
        _patient = new Database(patient);

        // One session per job in flight: more than a process of ours ever needs.
        await using var sessions = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { MaxPoolSize = 90, MaxAutoPrepare = 5, CommandTimeout = 120 }.ConnectionString);
        var reference = new BareQueue(new Database(sessions));
        var peers = Peers.In(plan.Peers, connectionString);
        await reference.CreateAsync(cancellationToken);
        if (plan.Has("latency"))
            figures.AddRange(await LatencyAsync(cancellationToken));
        if (plan.Has("lanes"))
            figures.AddRange(await CrowdAsync(plan, cancellationToken));
        foreach (var inFlight in plan.Has("burn-down") ? plan.InFlight : [])
            figures.AddRange(await BurnDownAsync(reference, peers, plan, inFlight, cancellationToken));
        if (plan.Has("enqueue"))
            figures.AddRange(await EnqueueAsync(plan, cancellationToken));
        if (plan.Has("fetch"))
        {
            figures.AddRange(await new FetchCost(_patient, patient).MeasureAsync(
                plan.Depths, plan.Jobs * 5, plan.SnapshotAge, n => EnqueueManyAsync(n, cancellationToken), () => BurnAllAsync(cancellationToken), say, cancellationToken));
        }

        await reference.DropAsync(cancellationToken);
        return figures;
    }

    private async Task<IEnumerable<BenchFigure>> BurnDownAsync(
        BareQueue reference, IReadOnlyList<IPeer> peers, BenchPlan plan, int inFlight, CancellationToken cancellationToken)
    {
        List<double> ours = [];
        List<double> bare = [];
        var others = peers.ToDictionary(p => p, _ => new List<double>());
        double memory = 0;
        await WarmUpAsync(plan.Jobs, inFlight, cancellationToken);
        for (var pair = 0; pair < plan.Pairs; pair++)
        {
            // As the others are measured: right after a vacuum.
            await EnqueueManyAsync(plan.Jobs, cancellationToken);
            await VacuumAsync(cancellationToken);
            var clock = Stopwatch.StartNew();
            await using (await StartAsync(inFlight, cancellationToken))
            {
                await EmptyAsync(cancellationToken);
                ours.Add(plan.Jobs / clock.Elapsed.TotalSeconds);
                memory = Math.Max(memory, Environment.WorkingSet / 1024d / 1024d);
            }

            await reference.FillAsync(plan.Jobs, cancellationToken);
            await VacuumAsync(cancellationToken);
            clock.Restart();
            await reference.BurnDownAsync(inFlight, cancellationToken);
            bare.Add(plan.Jobs / clock.Elapsed.TotalSeconds);
            foreach (var peer in peers)
                others[peer].Add(await peer.BurnDownAsync(plan.Jobs, inFlight, cancellationToken));
            say($"burn-down, {inFlight} in flight, pair {pair + 1}: {ours[^1]:0}/s, bare {bare[^1]:0}/s{string.Concat(peers.Select(p => $", {p.Name} {others[p][^1]:0}/s"))}");
        }

        var what = $"burn-down of {plan.Jobs} jobs, {inFlight} in flight";
        return
        [
            .. BenchFigure.Pairs(what, "jobs/s", ours, "bare SKIP LOCKED loop", bare),
            .. peers.SelectMany(p => BenchFigure.Pairs(what, "jobs/s", ours, p.Name, others[p])),
            new BenchFigure($"memory of the process, {inFlight} in flight", "MiB", memory, null, null, null),
        ];
    }

    private async Task<IEnumerable<BenchFigure>> EnqueueAsync(BenchPlan plan, CancellationToken cancellationToken)
    {
        List<double> bulk = [];
        List<double> bare = [];
        List<double> single = [];
        var jobs = plan.Jobs;
        var rows = new BareRows(source);
        for (var pair = 0; pair < plan.Pairs; pair++)
        {
            await VacuumAsync(cancellationToken);
            var clock = Stopwatch.StartNew();
            await EnqueueManyAsync(jobs, cancellationToken);
            bulk.Add(jobs / clock.Elapsed.TotalSeconds);

            await VacuumAsync(cancellationToken);
            clock.Restart();
            await rows.InsertAsync(jobs, cancellationToken);
            bare.Add(jobs / clock.Elapsed.TotalSeconds);
            _enqueued += jobs;

            var queue = new JobQueue(database);
            clock.Restart();
            for (var i = 0; i < 500; i++)
                await queue.EnqueueAsync(new BenchArgs(i), null, cancellationToken);
            single.Add(500 / clock.Elapsed.TotalSeconds);
            _enqueued += 500;
            await BurnAllAsync(cancellationToken);
            say($"enqueue, pair {pair + 1}: bulk {bulk[^1]:0}/s, one by one {single[^1]:0}/s, bare insert into the same tables {bare[^1]:0}/s");
        }

        return
        [
            .. BenchFigure.Pairs($"enqueue {jobs} in one call", "jobs/s", bulk, "bare insert of as many into the same tables", bare),
            BenchFigure.Of("enqueue one by one, a transaction each", "jobs/s", single),
        ];
    }

    private async Task<IEnumerable<BenchFigure>> LatencyAsync(CancellationToken cancellationToken)
    {
        await using (await StartAsync(20, cancellationToken))
        {
            var waits = await WaitsAsync(200, cancellationToken);
            say($"idle latency: p50 {Percentile(waits, 0.5):0.0} ms, p95 {Percentile(waits, 0.95):0.0} ms");
            return
            [
                new BenchFigure("idle: enqueue call to first line of the job, p50", "ms", Percentile(waits, 0.5), null, null, null),
                new BenchFigure("idle: enqueue call to first line of the job, p95", "ms", Percentile(waits, 0.95), null, null, null),
                new BenchFigure("idle: enqueue call to first line of the job, p99", "ms", Percentile(waits, 0.99), null, null, null),
            ];
        }
    }

    private async Task<IEnumerable<BenchFigure>> CrowdAsync(BenchPlan plan, CancellationToken cancellationToken)
    {
        const int Crowd = 100_000;
        List<double> idle = [];
        List<double> beside = [];
        for (var pair = 0; pair < plan.Pairs; pair++)
        {
            await VacuumAsync(cancellationToken);
            await using (await StartAsync(40, cancellationToken))
            {
                idle.Add(Percentile(await WaitsAsync(200, cancellationToken), 0.95));
                await EnqueueAsync(CrowdArgs.Kind, Crowd, cancellationToken);
                beside.Add(Percentile(await WaitsAsync(200, cancellationToken), 0.95));
            }

            // It would take minutes to run them, and nothing to learn.
            await _patient.ExecuteAsync(
                """
                delete from hangfire.jobqueue where queue like 'crowd%';
                delete from hangfire.job h using harmony.job l where l.job_id = h.id and l.kind = 'crowd';
                delete from harmony.job where kind = 'crowd';
                """,
                null,
                cancellationToken);
            say($"p95 of one lane's waits, pair {pair + 1}: {beside[^1]:0.0} ms with {Crowd} waiting in another lane, {idle[^1]:0.0} ms idle");
        }

        return BenchFigure.Pairs($"p95 of one lane's waits, {Crowd} waiting in another lane that is worked on", "ms", beside, "idle", idle);
    }

    /// <summary>Milliseconds from the call that enqueues to the first line of the job, sorted; one job at a time.</summary>
    private async Task<List<double>> WaitsAsync(int times, CancellationToken cancellationToken)
    {
        List<double> waits = [];
        var queue = new JobQueue(database);
        for (var i = 0; i < times; i++)
        {
            var started = BenchJob.Next();
            var clock = Stopwatch.GetTimestamp();
            await queue.EnqueueAsync(new BenchArgs(i), null, cancellationToken);
            _enqueued++;
            await started;
            waits.Add(Stopwatch.GetElapsedTime(clock).TotalMilliseconds);
            await Task.Delay(5, cancellationToken);
        }

        return [.. waits.Order()];
    }

    private static double Percentile(List<double> sorted, double share) => sorted[(int)(sorted.Count * share)];

    private async Task EnqueueManyAsync(int jobs, CancellationToken cancellationToken)
    {
        await EnqueueAsync(BenchArgs.Kind, jobs, cancellationToken);
        _enqueued += jobs;
    }

    private async Task EnqueueAsync(string kind, int jobs, CancellationToken cancellationToken)
    {
        for (var left = jobs; left > 0; left -= LargestCall)
        {
            await _patient.ExecuteAsync(
                "select count(*) from harmony.enqueue_many(@kind, (select array_agg(jsonb_build_object('n', i)) from generate_series(1, @some) i))",
                new { kind, some = Math.Min(left, LargestCall) },
                cancellationToken);
        }
    }

    // The first burn-down of a process compiles the code of the server, and is not counted. The others start their clock after they have loaded theirs.
    private async Task WarmUpAsync(int jobs, int inFlight, CancellationToken cancellationToken)
    {
        await EnqueueManyAsync(jobs, cancellationToken);
        await using (await StartAsync(inFlight, cancellationToken))
            await EmptyAsync(cancellationToken);
    }

    private Task VacuumAsync(CancellationToken cancellationToken) => _patient.ExecuteAsync("vacuum analyze", null, cancellationToken);

    private async Task BurnAllAsync(CancellationToken cancellationToken)
    {
        await using (await StartAsync(100, cancellationToken))
            await EmptyAsync(cancellationToken);
    }

    private async Task EmptyAsync(CancellationToken cancellationToken)
    {
        while (BenchJob.Runs < _enqueued)
            await Task.Delay(10, cancellationToken);
        while (await _patient.QueryFirstAsync<bool>("select exists (select from hangfire.jobqueue)", null, cancellationToken))
            await Task.Delay(10, cancellationToken);
    }

    private async Task<BenchWorker> StartAsync(int inFlight, CancellationToken cancellationToken)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.Services.AddSingleton(database);
        builder.Services.AddHarmonyWorker(
            new OrchestratorOptions { GlobalConcurrency = inFlight },
            Catalogue.Of([new Lane("bench", inFlight), new Lane("crowd", CrowdJob.Width)], [typeof(BenchJob), typeof(CrowdJob)]));
        var host = builder.Build();
        await host.StartAsync(cancellationToken);
        return new BenchWorker(host);
    }

    private sealed class BenchWorker(IHost host) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await host.StopAsync();
            host.Dispose();
        }
    }
}

/// <param name="Jobs">Per burn-down.</param>
/// <param name="Pairs">Interleaved; medians are reported.</param>
/// <param name="InFlight">How many jobs run at once, on both sides.</param>
/// <param name="Depths">How much waits while the cost of a fetch is looked at.</param>
/// <param name="SnapshotAge">How long a snapshot stays open, while jobs are done, before the cost of a fetch is read once more.</param>
/// <param name="Parts">What to measure; nothing named is everything.</param>
/// <param name="Peers">Where the scripts of other products lie.</param>
internal sealed record BenchPlan(int Jobs, int Pairs, int[] InFlight, int[] Depths, TimeSpan SnapshotAge, string[] Parts, DirectoryInfo? Peers)
{
    public static readonly string[] AllParts = ["latency", "lanes", "burn-down", "enqueue", "fetch"];

    public bool Has(string part) => Parts.Length == 0 || Parts.Contains(part);
}
