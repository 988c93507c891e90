using System.Diagnostics;
using Harmony.Data;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Harmony.Orchestrator.Bench;

/// <summary>
/// What the engine costs, beside a reference measured in the same run on the same database: a bare queue table burnt down
/// with SKIP LOCKED, and a bare insert. Absolute figures belong to the machine; the ratios travel.
/// </summary>
public sealed class EngineBench(Database database, Action<string> say)
{
    public async Task<IReadOnlyList<BenchFigure>> RunAsync(int jobs, int pairs, CancellationToken ct)
    {
        List<BenchFigure> figures = [];
        await using (await StartAsync(1, ct))
        {
            // The first start tells the database which kinds there are.
        }

        var reference = new BareQueue(database);
        await reference.CreateAsync(ct);
        foreach (var inFlight in (int[])[20, 100])
            figures.AddRange(await BurnDownAsync(reference, jobs, pairs, inFlight, ct));
        figures.AddRange(await EnqueueAsync(reference, jobs, pairs, ct));
        figures.AddRange(await LatencyAsync(ct));
        await reference.DropAsync(ct);
        return figures;
    }

    private async Task<IEnumerable<BenchFigure>> BurnDownAsync(BareQueue reference, int jobs, int pairs, int inFlight, CancellationToken ct)
    {
        List<double> ours = [];
        List<double> bare = [];
        for (var pair = 0; pair < pairs; pair++)
        {
            await EnqueueManyAsync(jobs, ct);
            var clock = Stopwatch.StartNew();
            await using (await StartAsync(inFlight, ct))
                await EmptyAsync(ct);
            ours.Add(jobs / clock.Elapsed.TotalSeconds);

            await reference.FillAsync(jobs, ct);
            clock.Restart();
            await reference.BurnDownAsync(inFlight, ct);
            bare.Add(jobs / clock.Elapsed.TotalSeconds);
            say($"burn-down, {inFlight} in flight, pair {pair + 1}: {ours[^1]:0}/s, bare {bare[^1]:0}/s");
        }

        return BenchFigure.Pairs($"burn-down of {jobs} jobs, {inFlight} in flight", "jobs/s", ours, "bare SKIP LOCKED loop", bare);
    }

    private async Task<IEnumerable<BenchFigure>> EnqueueAsync(BareQueue reference, int jobs, int pairs, CancellationToken ct)
    {
        List<double> bulk = [];
        List<double> bare = [];
        List<double> single = [];
        for (var pair = 0; pair < pairs; pair++)
        {
            var clock = Stopwatch.StartNew();
            await EnqueueManyAsync(jobs, ct);
            bulk.Add(jobs / clock.Elapsed.TotalSeconds);

            clock.Restart();
            await reference.FillAsync(jobs, ct);
            bare.Add(jobs / clock.Elapsed.TotalSeconds);

            var queue = new JobQueue(database);
            clock.Restart();
            for (var i = 0; i < 500; i++)
                await queue.EnqueueAsync(new BenchArgs(i), null, ct);
            single.Add(500 / clock.Elapsed.TotalSeconds);
            await using (await StartAsync(100, ct))
                await EmptyAsync(ct);
            await reference.BurnDownAsync(20, ct);
            say($"enqueue, pair {pair + 1}: bulk {bulk[^1]:0}/s, one by one {single[^1]:0}/s, bare insert {bare[^1]:0}/s");
        }

        return
        [
            .. BenchFigure.Pairs($"enqueue {jobs} in one call", "jobs/s", bulk, "bare insert of as many rows", bare),
            BenchFigure.Of("enqueue one by one, a transaction each", "jobs/s", single),
        ];
    }

    private async Task<IEnumerable<BenchFigure>> LatencyAsync(CancellationToken ct)
    {
        List<double> waits = [];
        var queue = new JobQueue(database);
        await using (await StartAsync(20, ct))
        {
            for (var i = 0; i < 200; i++)
            {
                var started = BenchJob.Next();
                var clock = Stopwatch.GetTimestamp();
                await queue.EnqueueAsync(new BenchArgs(i), null, ct);
                await started;
                waits.Add(Stopwatch.GetElapsedTime(clock).TotalMilliseconds);
                await Task.Delay(5, ct);
            }
        }

        waits.Sort();
        say($"idle latency: p50 {waits[waits.Count / 2]:0.0} ms, p95 {waits[(int)(waits.Count * 0.95)]:0.0} ms");
        return
        [
            new BenchFigure("idle: enqueue call to first line of the job, p50", "ms", waits[waits.Count / 2], null, null, null),
            new BenchFigure("idle: enqueue call to first line of the job, p95", "ms", waits[(int)(waits.Count * 0.95)], null, null, null),
            new BenchFigure("idle: enqueue call to first line of the job, p99", "ms", waits[(int)(waits.Count * 0.99)], null, null, null),
        ];
    }

    private Task EnqueueManyAsync(int jobs, CancellationToken ct) => database.ExecuteAsync(
        "select count(*) from harmony.enqueue_many('bench', (select array_agg(jsonb_build_object('n', i)) from generate_series(1, @jobs) i))",
        new { jobs },
        ct);

    private async Task EmptyAsync(CancellationToken ct)
    {
        while (await database.QueryFirstAsync<bool>(
            "select exists (select from harmony.job where kind = 'bench' and state in ('Enqueued', 'Processing'))", null, ct))
        {
            await Task.Delay(20, ct);
        }
    }

    private async Task<BenchWorker> StartAsync(int inFlight, CancellationToken ct)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.Services.AddSingleton(database);
        builder.Services.AddHarmonyWorker(
            new OrchestratorOptions { GlobalConcurrency = inFlight },
            Catalogue.Of([new Lane("bench", inFlight)], [typeof(BenchJob)]));
        var host = builder.Build();
        await host.StartAsync(ct);
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
