using Harmony.Orchestrator;

namespace Harmony.Tests.Postgres;

/// <summary>What harmony.fetch must do right however many ask and enqueue at once.</summary>
[TestClass]
public sealed class FetchTests
{
    private static readonly Lane[] Lanes = [new("work", 8)];

    [TestMethod]
    public async Task No_ticket_is_lost_that_commits_while_a_fetch_is_looking()
    {
        await using var db = await TestDatabase.CreateAsync();
        await using var one = await TestFleet.StartAsync(db, Lanes, [typeof(NothingJob)]);
        await using var two = await TestFleet.StartAsync(db, Lanes, [typeof(NothingJob)]);
        var queue = new JobQueue(db.Database);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            for (var i = 0; i < 250; i++)
                await queue.EnqueueAsync(new NothingArgs(), null, CancellationToken.None);
        }));
        await Until.SeenAsync(
            () => db.Database.QueryFirstAsync<string>(
                "select string_agg(state || ' ' || n, ', ' order by state) from (select state, count(*) as n from harmony.job group by state) s",
                null,
                CancellationToken.None),
            states => states == "Succeeded 1000");
    }

    private sealed record NothingArgs : IJobArgs
    {
        public static string Kind => "nothing";
    }

    private sealed class NothingJob : IJob<NothingArgs>
    {
        public static JobSpec Spec { get; } = new("work");

        public Task<JobEnd> RunAsync(NothingArgs args, JobRun run, CancellationToken ct) => Task.FromResult(JobEnd.Done());
    }
}
