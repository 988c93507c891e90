using System.Diagnostics;

namespace Harmony.Tests.Faults;

/// <summary>F1 to F4 and F8: a worker is killed, kills itself, is restarted, is frozen.</summary>
[TestClass]
public sealed class WorkerFaultTests
{
    private const int Grace = 1;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [Timeout(180_000, CooperativeCancellation = true)]
    public Task F1_Jobs_of_a_killed_worker_run_exactly_once() => KilledAsync(TestContext);

    [TestMethod]
    [Timeout(180_000, CooperativeCancellation = true)]
    public Task F2_A_kill_after_the_commit_repeats_no_effect() => KilledAfterCommitAsync(TestContext);

    [TestMethod]
    [Timeout(180_000, CooperativeCancellation = true)]
    public Task F3_A_crashing_job_is_dead_lettered_alone() => PoisonedAsync(TestContext);

    [TestMethod]
    [Timeout(180_000, CooperativeCancellation = true)]
    public Task F4_Restarts_under_load_return_every_job() => RestartedAsync(TestContext);

    [TestMethod]
    [Timeout(180_000, CooperativeCancellation = true)]
    public Task F8_A_frozen_worker_is_refused_after_its_lease() => FrozenAsync(TestContext);

    internal static Task KilledAsync(TestContext context) => FaultPlace.RunAsync(context, async place =>
    {
        var workers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => place.StartWorkerAsync(o => o with { Width = 200 })));

        // One half is killed after its effect, the other before.
        await place.EnqueueAsync(250, new EffectArgs(BeforeMs: 300, AfterMs: 5000));
        await place.EnqueueAsync(250, new EffectArgs(BeforeMs: 5000, AfterMs: 300));
        await place.UntilAsync<long>("select count(*) from harmony.job where state = 'Processing'", n => n == 500, TimeSpan.FromSeconds(20));
        await place.UntilAsync<long>("select count(*) from public.effect", n => n > 100, TimeSpan.FromSeconds(20));
        var busiest = await place.ScalarAsync<string>("select worker from harmony.job where state = 'Processing' group by worker order by count(*) desc limit 1");
        var doomed = workers.Single(w => busiest!.Contains($":{w.Id}:", StringComparison.Ordinal));
        var killed = await place.NowAsync();
        await doomed.KillAsync();

        await place.EffectsAreOnceAsync(500, FaultPlace.RescueWithin + TimeSpan.FromSeconds(15));
        await place.RescuedAsync(doomed, killed);
        Assert.AreEqual(0L, await place.ScalarAsync<long>("select count(*) from harmony.job where attempts > 0"), "a crash spent an attempt");
    });

    internal static Task KilledAfterCommitAsync(TestContext context) => FaultPlace.RunAsync(context, async place =>
    {
        var workers = await Task.WhenAll(place.StartWorkerAsync(), place.StartWorkerAsync());
        var began = await place.NowAsync();
        await place.EnqueueAsync(1, new EffectArgs(Die: true));

        await place.EffectsAreOnceAsync(1, FaultPlace.RescueWithin);
        await place.RescuedAsync(workers.Single(w => w.HasExited), began);
        Assert.AreEqual(2L, await place.ScalarAsync<long>("select count(*) from harmony.job_event where to_state = 'Processing'"));
    });

    internal static Task PoisonedAsync(TestContext context) => FaultPlace.RunAsync(context, async place =>
    {
        var workers = (await Task.WhenAll(place.StartWorkerAsync(), place.StartWorkerAsync(), place.StartWorkerAsync())).ToList();
        await place.EnqueueAsync(PoisonArgs.Kind, 1, new PoisonArgs());

        var others = 0;
        var clock = Stopwatch.StartNew();
        while (await place.ScalarAsync<string>("select state from harmony.job where kind = 'poison'") != "Failed")
        {
            Assert.IsLessThan(TimeSpan.FromSeconds(90), clock.Elapsed, "the poison is still alive");
            await place.EnqueueAsync(5, new EffectArgs(BeforeMs: 50));
            others += 5;
            foreach (var dead in workers.Where(w => w.HasExited).ToList())
            {
                workers.Remove(dead);
                workers.Add(place.LaunchWorker());
            }

            await Task.Delay(200, place.Ct);
        }

        Assert.AreEqual("crash_loop", await place.ScalarAsync<string>("select reason_code from harmony.job where kind = 'poison'"));
        Assert.AreEqual(3L, await place.ScalarAsync<long>(
            "select count(*) from harmony.job_event join harmony.job using (job_id) where kind = 'poison' and to_state = 'Processing'"));
        var done = await place.ScalarAsync<double>(
            """
            select (count(*) filter (where o.state = 'Succeeded'))::float8 / count(*)
            from harmony.job p
            join harmony.job o on o.kind = 'effect' and o.created_at < p.dead_lettered_at - interval '1 second'
            where p.kind = 'poison'
            """);
        place.Say($"dead after {clock.Elapsed.TotalSeconds:0} s, when {done:P1} of {others} others were done");
        Assert.IsGreaterThan(0.95, done);
        await place.EffectsAreOnceAsync(others, FaultPlace.RescueWithin);
    });

    internal static Task RestartedAsync(TestContext context) => FaultPlace.RunAsync(context, async place =>
    {
        var workers = await Task.WhenAll(StartAsync(place), StartAsync(place));
        await place.EnqueueAsync(40, new EffectArgs(BeforeMs: 3000));
        for (var restart = 0; restart < 5; restart++)
        {
            var leaving = workers[restart % 2];
            await place.EnqueueAsync(100, new EffectArgs(BeforeMs: 100));
            await place.UntilAsync<long>(
                $"select count(*) from harmony.job where state = 'Processing' and worker like '{leaving.Pattern}'", n => n > 0, TimeSpan.FromSeconds(20));

            var told = await place.NowAsync();
            var clock = Stopwatch.StartNew();
            Assert.AreEqual(0, await leaving.TermAsync(), leaving.Output);
            var took = clock.Elapsed;
            Assert.IsLessThanOrEqualTo(Grace + 2, took.TotalSeconds, "exit after the grace");
            Assert.AreEqual(
                0L,
                await place.ScalarAsync<long>(
                    "select count(*) from harmony.job_event where to_state = 'Processing' and worker like @Pattern and at > @told + interval '1 second'",
                    new { leaving.Pattern, told }),
                "jobs were fetched after the signal");
            Assert.AreEqual(
                0L,
                await place.ScalarAsync<long>("select count(*) from harmony.job where state = 'Processing' and worker like @Pattern", new { leaving.Pattern }),
                "jobs were not given back");
            place.Say($"restart {restart + 1}: gone after {took.TotalSeconds:0.00} s");
            workers[restart % 2] = await StartAsync(place);
        }

        var returned = await place.ScalarAsync<long>("select count(*) from harmony.job_event where to_state = 'Enqueued' and reason like 'Returned:%'");
        place.Say($"{returned} jobs were given back");
        Assert.AreNotEqual(0L, returned);
        await place.EffectsAreOnceAsync(40 + 500, TimeSpan.FromSeconds(60));
        Assert.AreEqual(0L, await place.ScalarAsync<long>("select count(*) from harmony.job where attempts > 0"), "a shutdown spent an attempt");
    });

    internal static Task FrozenAsync(TestContext context) => FaultPlace.RunAsync(context, async place =>
    {
        var frozen = await place.StartWorkerAsync();
        await place.EnqueueAsync(5, new EffectArgs(BeforeMs: 3000, Stubborn: true));
        await place.UntilAsync<long>("select count(*) from harmony.job where state = 'Processing'", n => n == 5, TimeSpan.FromSeconds(20));
        var since = await place.NowAsync();
        await frozen.StopAsync();

        await place.StartWorkerAsync();
        await Task.Delay(2 * FaultPlace.Lease, place.Ct);
        await place.UntilAsync<long>("select count(*) from public.effect", n => n == 5, FaultPlace.RescueWithin);
        await frozen.ContinueAsync();

        await frozen.SaysAsync("refused", 5, TimeSpan.FromSeconds(30));
        await place.EffectsAreOnceAsync(5, TimeSpan.FromSeconds(30));
        await place.RescuedAsync(frozen, since);
        Assert.IsFalse(frozen.HasExited, frozen.Output);
    });

    private static Task<WorkerProcess> StartAsync(FaultPlace place) => place.StartWorkerAsync(o => o with { GraceSeconds = Grace });
}
