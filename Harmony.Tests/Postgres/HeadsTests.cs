using System.Text.Json;
using Harmony.Data;
using Npgsql;

namespace Harmony.Tests.Postgres;

/// <summary>Looks at the queue begin where it begins, see everything, and cost the same however much waits elsewhere.</summary>
[TestClass]
public sealed class HeadsTests
{
    private const int Crowd = 20_000;

    // A round of the upkeep: the function itself comes at most once a second.
    private const string Round = "update harmony.queue_head set seen_at = seen_at - interval '1 second'; select harmony.find_heads()";

    [TestMethod]
    public async Task A_ticket_committed_after_a_round_is_fetched()
    {
        await using var history = await AuditHistory.CreateAsync();
        await history.DoAsync(Round);
        await history.DoAsync(Round);
        await history.Database.Database.InTransactionAsync(
            async work =>
            {
                await work.ExecuteAsync("select harmony.enqueue('tidy', '{}')", null, CancellationToken.None);
                var quick = await history.EnqueueAsync("tidy");
                Assert.AreEqual(quick, (await history.StartAsync()).Single().JobId);
                await history.DoAsync(Round);
            },
            CancellationToken.None);

        Assert.HasCount(1, await history.StartAsync());
    }

    [TestMethod]
    public async Task The_head_of_an_empty_queue_advances_each_round()
    {
        await using var history = await AuditHistory.CreateAsync();
        await history.EnqueueAsync("tidy");
        await history.DoAsync(Round);
        Assert.AreEqual(0L, await HeadAsync(history));
        await history.StartAsync();
        await history.DoAsync(Round);
        await history.DoAsync(Round);

        Assert.AreEqual(await history.ScalarAsync<long>("select last_value + 1 from hangfire.jobqueue_id_seq"), await HeadAsync(history));
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task A_long_lane_does_not_slow_another_lane(bool analyzed)
    {
        await using var history = await AuditHistory.CreateAsync();
        await using var session = await history.Database.Source.OpenConnectionAsync();

        // Plans are made while everything is empty, and this session keeps them.
        for (var i = 0; i < 8; i++)
            await FetchCostAsync(session, "web");
        await history.DoAsync("select count(*) from harmony.enqueue_many('tidy', (select array_agg(jsonb_build_object('n', i)) from generate_series(1, @Crowd) i))", new { Crowd });
        if (analyzed)
            await history.DoAsync("analyze hangfire.jobqueue, hangfire.job, harmony.job");

        Assert.IsLessThan(300, await FetchCostAsync(session, "web"), "pages read to find nothing in one lane");
        Assert.IsLessThan(3000, await FetchCostAsync(session, "work"), "pages read to start ten of many");
    }

    private static Task<long> HeadAsync(AuditHistory history) =>
        history.ScalarAsync<long>("select first_id from harmony.queue_head where queue = 'work_b'");

    private static async Task<long> FetchCostAsync(NpgsqlConnection session, string lane)
    {
        await using var transaction = await session.BeginTransactionAsync();
        await using var fetch = new NpgsqlCommand(
            $"explain (analyze, buffers, format json) select * from harmony.fetch('one', array['sync', 'fetch', 'tidy'], array['{lane}', 'none'], array[10, 10], 10, 10)",
            session,
            transaction);
        using var plan = JsonDocument.Parse((string)(await fetch.ExecuteScalarAsync())!);
        var node = plan.RootElement[0].GetProperty("Plan");
        await transaction.RollbackAsync();
        return node.GetProperty("Shared Hit Blocks").GetInt64() + node.GetProperty("Shared Read Blocks").GetInt64();
    }
}
