using System.Diagnostics;
using Harmony.Orchestrator;
using Npgsql;

namespace Harmony.Tests.Faults;

/// <summary>F5 to F7: the database goes away, cuts connections, or falls silent.</summary>
[TestClass]
public sealed class DatabaseFaultTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [Timeout(240_000, CooperativeCancellation = true)]
    public Task F5_A_crashed_database_answers_503_and_pauses_work() => CrashedAsync(TestContext, TimeSpan.FromSeconds(5));

    [TestMethod]
    [Timeout(240_000, CooperativeCancellation = true)]
    public Task F6_Cut_connections_keep_starts_within_the_poll_interval() => CutAsync(TestContext, TimeSpan.FromSeconds(10));

    [TestMethod]
    [Timeout(240_000, CooperativeCancellation = true)]
    public Task F7_Jobs_behind_a_silent_connection_are_taken_over() => SilentAsync(TestContext);

    internal static async Task CrashedAsync(TestContext context, TimeSpan outage)
    {
        await using var cluster = await PrivateCluster.StartAsync();
        await FaultPlace.RunAsync(context, place => CrashedAsync(place, cluster, outage), cluster.Address);
    }

    private static async Task CrashedAsync(FaultPlace place, PrivateCluster cluster, TimeSpan outage)
    {
        var workers = await Task.WhenAll(place.StartWorkerAsync(), place.StartWorkerAsync());
        var api = await place.StartApiAsync();
        using var over = new CancellationTokenSource();
        var caller = new ApiCaller(api, over.Token);
        var calling = caller.CallAsync();
        var enqueueing = EnqueueAsync(place, over.Token);

        await Task.Delay(2000, place.Ct);
        await place.EnqueueAsync(20, new EffectArgs(BeforeMs: 1000, AfterMs: 1000));
        await Task.Delay(500, place.Ct);
        await cluster.DownAsync();
        await Task.Delay(outage, place.Ct);
        await cluster.UpAsync();
        place.Db.Source.Clear();

        var clock = Stopwatch.StartNew();
        var up = await place.NowAsync();
        var calledBefore = caller.Accepted.Count;
        await Postgres.Until.SeenAsync(
            async () => (
                Api: caller.Accepted.Count > calledBefore,
                caller.Tally,
                Work: await place.ScalarAsync<bool>("select exists (select from harmony.job where kind = 'effect' and created_at > @up and state = 'Succeeded')", new { up }),
                Noop: await place.ScalarAsync<bool>("select exists (select from harmony.job where kind = 'noop' and created_at > @up and state = 'Succeeded')", new { up })),
            seen => seen is { Api: true, Work: true, Noop: true },
            TimeSpan.FromSeconds(15));
        place.Say($"back after {clock.Elapsed.TotalSeconds:0.0} s; {caller.Tally}");

        await over.CancelAsync();
        await calling;
        var committed = await enqueueing;
        Assert.IsEmpty(caller.Strange, string.Join(Environment.NewLine, caller.Strange.Take(5)));
        Assert.AreNotEqual(0, caller.Refused, "the API was not asked while the database was away");
        Assert.IsFalse(api.HasExited, api.Output);
        Assert.IsFalse(workers.Any(w => w.HasExited), "a worker has exited");

        await place.UntilAsync<long>("select count(*) from harmony.job where state <> 'Succeeded'", n => n == 0, FaultPlace.RescueWithin + TimeSpan.FromSeconds(15));
        var there = (await place.RowsAsync<long>("select job_id from harmony.job where state = 'Succeeded'")).ToHashSet();
        Assert.IsEmpty(committed.Concat(caller.Accepted).Except(there), "a committed job is gone");
        await place.EffectsAreOnceAsync((int)await place.ScalarAsync<long>("select count(*) from harmony.job where kind = 'effect'"), TimeSpan.FromSeconds(5));
        place.Say($"{there.Count} jobs, {committed.Count} of them known to be committed from here, {caller.Accepted.Count} over REST");
    }

    internal static Task CutAsync(TestContext context, TimeSpan span) => FaultPlace.RunAsync(context, async place =>
    {
        var workers = await Task.WhenAll(place.StartWorkerAsync(), place.StartWorkerAsync());
        using var over = new CancellationTokenSource();
        var enqueueing = EnqueueAsync(place, over.Token);

        List<double> back = [];
        var clock = Stopwatch.StartNew();
        for (var cut = 0; clock.Elapsed < span; cut++)
        {
            var name = workers[cut % 2].Name;
            var listener = await Postgres.Until.SeenAsync(() => ListenerAsync(place, name), pid => pid is not null);
            var since = Stopwatch.StartNew();
            await place.ExecuteAsync("select pg_terminate_backend(@listener)", new { listener });
            await place.ExecuteAsync(
                """
                select pg_terminate_backend(a.pid)
                from (
                    select x.pid
                    from pg_stat_activity x
                    where x.datname = current_database() and x.application_name like 'worker-%'
                    order by random()
                    limit 2
                ) a
                """);
            await Postgres.Until.SeenAsync(() => ListenerAsync(place, name), pid => pid is not null && pid != listener, TimeSpan.FromSeconds(10));
            back.Add(since.Elapsed.TotalSeconds);
            await Task.Delay(TimeSpan.FromSeconds(Math.Max(0, 1 - since.Elapsed.TotalSeconds)), place.Ct);
        }

        await over.CancelAsync();
        var jobs = (await enqueueing).Count;
        await place.EffectsAreOnceAsync(jobs, FaultPlace.RescueWithin);
        var p95 = await place.ScalarAsync<double>(
            """
            select percentile_cont(0.95) within group (order by extract(epoch from s.started - l.created_at))::float8
            from harmony.job l
            join lateral (select min(e.at) as started from harmony.job_event e where e.job_id = l.job_id and e.to_state = 'Processing') s on true
            """);
        place.Say($"{back.Count} cuts, listener back after at most {back.Max():0.0} s; {jobs} jobs, 95 % started within {p95 * 1000:0} ms");
        Assert.IsLessThanOrEqualTo(3.0, back.Max(), "listener back");
        Assert.IsLessThanOrEqualTo(WorkerOrders.PollMaxMs / 1000.0, p95, "enqueue to start");
    });

    internal static Task SilentAsync(TestContext context) => FaultPlace.RunAsync(context, async place =>
    {
        var direct = new NpgsqlConnectionStringBuilder(place.Db.ConnectionString);
        await using var proxy = new BlackHoleProxy(direct.Host!, direct.Port);
        var cutOff = await place.StartWorkerAsync(o => o with
        {
            ConnectionString = new NpgsqlConnectionStringBuilder(o.ConnectionString) { Host = "127.0.0.1", Port = proxy.Port }.ConnectionString,
        });
        await place.EnqueueAsync(5, new EffectArgs(BeforeMs: 8000));
        await place.UntilAsync<long>("select count(*) from harmony.job where state = 'Processing'", n => n == 5, TimeSpan.FromSeconds(20));
        var other = await place.StartWorkerAsync();

        var since = await place.NowAsync();
        var clock = Stopwatch.StartNew();
        proxy.Swallow();
        await cutOff.SaysAsync("told", 5, TimeSpan.FromSeconds(30));
        var told = clock.Elapsed;
        await place.EffectsAreOnceAsync(5, FaultPlace.RescueWithin + TimeSpan.FromSeconds(15));
        await place.RescuedAsync(cutOff, since);

        // New connections pass again; the old ones stay silent, and must be given up for the worker to be of use.
        Assert.AreEqual(0, await other.TermAsync(), other.Output);
        proxy.LetNewOnesPass();
        clock.Restart();
        await place.EnqueueAsync(5, new EffectArgs());
        await place.EffectsAreOnceAsync(10, TimeSpan.FromSeconds(30));
        place.Say($"told to stop after {told.TotalSeconds:0.0} s, at work again {clock.Elapsed.TotalSeconds:0.0} s after the road was open");
    });

    private static Task<int?> ListenerAsync(FaultPlace place, string name) => place.ScalarAsync<int?>(
        "select a.pid from pg_stat_activity a where a.datname = current_database() and a.application_name = @name and a.query like 'listen%' order by a.backend_start desc limit 1",
        new { name });

    // The jobs of which we know that they are committed; the database may go away at any time.
    private static async Task<List<long>> EnqueueAsync(FaultPlace place, CancellationToken over)
    {
        var queue = new JobQueue(place.Db.Database);
        List<long> committed = [];
        while (!over.IsCancellationRequested)
        {
            try
            {
                committed.Add((await queue.EnqueueAsync(new EffectArgs(BeforeMs: 20), null, CancellationToken.None)).JobId);
            }
            catch (NpgsqlException)
            {
                await Task.Delay(100, CancellationToken.None);
            }

            await Task.WhenAny(Task.Delay(50, over));
        }

        return committed;
    }
}
