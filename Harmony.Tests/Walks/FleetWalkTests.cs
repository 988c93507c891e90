namespace Harmony.Tests.Walks;

/// <summary>One API and three worker processes on one database: the work is shared, and nothing runs twice.</summary>
[TestClass]
public sealed class FleetWalkTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [Timeout(180_000, CooperativeCancellation = true)]
    public async Task Three_workers_share_the_jobs_and_run_each_once()
    {
        await using var place = await WalkPlace.CreateAsync(TestContext.CancellationToken);
        await using var api = await HarmonyProcess.Start(place, "api").ReadyAsync();
        await using var first = HarmonyProcess.Start(place, "worker");
        await using var second = HarmonyProcess.Start(place, "worker");
        await using var third = HarmonyProcess.Start(place, "worker");
        await place.UntilAsync<long>("select count(*) from hangfire.server", n => n == 3, 90);

        await place.ScalarAsync<long>(
            "select count(*) from harmony.enqueue_many('noop', (select array_agg('{\"sleep_ms\":50}'::jsonb) from generate_series(1, 300)))");
        await place.UntilAsync<long>("select count(*) from harmony.job where kind = 'noop' and state = 'Succeeded'", n => n == 300, 90);

        Assert.AreEqual(300L, await place.ScalarAsync<long>(
            "select count(*) from harmony.job_event e join harmony.job l using (job_id) where l.kind = 'noop' and e.to_state = 'Processing'"));
        Assert.AreEqual(3L, await place.ScalarAsync<long>("select count(distinct worker) from harmony.job where kind = 'noop'"));

        Assert.AreEqual(0, await first.TermAsync(), first.Output);
        await place.UntilAsync<long>("select count(*) from hangfire.server", n => n == 2, 10);
    }
}
