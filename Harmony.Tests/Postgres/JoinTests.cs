using Harmony.Data;
using Harmony.Orchestrator;
using Harmony.Tests.Faults;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Harmony.Tests.Postgres;

/// <summary>A worker that starts while the database is away.</summary>
[TestClass]
public sealed class JoinTests
{
    public required TestContext TestContext { get; set; }

    [TestMethod]
    [Timeout(60_000, CooperativeCancellation = true)]
    public async Task A_join_waits_for_the_database()
    {
        await using var db = await TestDatabase.CreateAsync();
        var direct = new NpgsqlConnectionStringBuilder(db.ConnectionString);
        await using var proxy = new BlackHoleProxy(direct.Host!, direct.Port);
        var through = new NpgsqlConnectionStringBuilder(db.ConnectionString) { Host = "127.0.0.1", Port = proxy.Port, Timeout = 1 };
        await using var source = DataSources.Open(through.ConnectionString, "harmony-joins-late");
        proxy.Swallow();

        var start = TestFleet.StartAsync(
            db, [new Lane("work", 2)], [typeof(EchoJob)], add: services => services.AddSingleton(new Database(source)));
        await Task.Delay(TimeSpan.FromSeconds(3), TestContext.CancellationToken);
        Assert.IsFalse(start.IsCompleted, $"it has given up, or did not need the database: {start.Exception}");
        Assert.AreEqual(0L, await db.Database.QueryFirstAsync<long>("select count(*) from hangfire.server", null, TestContext.CancellationToken));

        proxy.LetNewOnesPass();
        await using var fleet = await start;
        var job = await new JobQueue(db.Database).EnqueueAsync(new EchoArgs("late"), null, TestContext.CancellationToken);
        await Until.SeenAsync(
            () => db.Database.QueryFirstAsync<string>("select state from harmony.job where job_id = @JobId", new { job.JobId }, TestContext.CancellationToken),
            state => state == "Succeeded");
    }
}
