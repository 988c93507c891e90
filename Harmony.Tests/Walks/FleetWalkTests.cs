using Harmony.Tests.Postgres;

namespace Harmony.Tests.Walks;

/// <summary>One API and three worker processes on one database: the work is shared, nothing runs twice, and the living finish what the dead began.</summary>
[TestClass]
public sealed class FleetWalkTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [Timeout(240_000, CooperativeCancellation = true)]
    public async Task Three_workers_replace_a_killed_one()
    {
        await using var place = await WalkPlace.CreateAsync(TestContext.CancellationToken);
        await using var api = await HarmonyProcess.Start(place, "api").ReadyAsync();
        await using var first = HarmonyProcess.Start(place, "worker");
        await using var second = HarmonyProcess.Start(place, "worker");
        await using var third = HarmonyProcess.Start(place, "worker");
        await place.UntilAsync<long>("select count(*) from hangfire.server", n => n == 3, 90);

        await EnqueueAsync(place, 300, 50);
        await SucceededAsync(place, 300);
        Assert.AreEqual(300L, await place.ScalarAsync<long>(
            "select count(*) from harmony.job_event e join harmony.job l using (job_id) where l.kind = 'noop' and e.to_state = 'Processing'"));
        Assert.AreEqual(3L, await place.ScalarAsync<long>("select count(distinct worker) from harmony.job where kind = 'noop'"));

        Assert.AreEqual(0, await first.TermAsync(), first.Output);
        await place.UntilAsync<long>("select count(*) from hangfire.server", n => n == 2, 10);

        await EnqueueAsync(place, 60, 1000);
        await place.UntilAsync<bool>($"select exists (select from harmony.job where state = 'Processing' and worker like '%:{second.Id}:%')", seen => seen, 20);
        await second.KillAsync();
        await SucceededAsync(place, 360);
        Assert.AreNotEqual(0L, await place.ScalarAsync<long>("select count(*) from harmony.job_event where from_state = 'Processing' and to_state = 'Processing'"));
        Assert.AreEqual(0L, await place.ScalarAsync<long>("select count(*) from harmony.job where attempts > 0"));
        Assert.AreEqual(0, await third.TermAsync(), third.Output);
        await DashboardNumbers.AreRightAsync(place.Db.Database);
    }

    private static Task EnqueueAsync(WalkPlace place, int jobs, int ms) => place.ScalarAsync<long>(
        $$"""select count(*) from harmony.enqueue_many('noop', (select array_agg('{"sleep_ms":{{ms}}}'::jsonb) from generate_series(1, {{jobs}})))""");

    private static Task SucceededAsync(WalkPlace place, int jobs) =>
        place.UntilAsync<long>("select count(*) from harmony.job where kind = 'noop' and state = 'Succeeded'", n => n == jobs, 90);
}
