using Harmony.Data;
using Harmony.Orchestrator;
using Harmony.Tests.Faults;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Harmony.Tests.Postgres;

/// <summary>The session that only waits cannot see by itself that nobody is there any more.</summary>
[TestClass]
public sealed class ListenerTests
{
    public required TestContext TestContext { get; set; }

    [TestMethod]
    [Timeout(90_000, CooperativeCancellation = true)]
    public async Task A_dead_connection_is_detected_and_replaced()
    {
        await using var db = await TestDatabase.CreateAsync();
        var direct = new NpgsqlConnectionStringBuilder(db.ConnectionString);
        var proxy = new BlackHoleProxy(direct.Host!, direct.Port);
        var through = new NpgsqlConnectionStringBuilder(db.ConnectionString) { Host = "127.0.0.1", Port = proxy.Port };
        await using var source = DataSources.Open(through.ConnectionString, "harmony-listens");
        await using var fleet = await TestFleet.StartAsync(
            db, [new Lane("work", 2)], [typeof(EchoJob)], add: services => services.AddSingleton(new Database(source)));
        var first = await Until.SeenAsync(ListenerAsync, pid => pid is not null);

        proxy.Swallow();
        proxy.LetNewOnesPass();
        await Until.SeenAsync(ListenerAsync, pid => pid is not null && pid != first, TimeSpan.FromSeconds(45));

        // What is still held by dead lines ends at once.
        await proxy.DisposeAsync();

        Task<int?> ListenerAsync() => db.Database.QueryFirstAsync<int?>(
            "select max(pid) from pg_stat_activity where datname = current_database() and application_name = 'harmony-listens' and query like 'listen%' and pid is distinct from @first",
            new { first = (int?)null },
            TestContext.CancellationToken);
    }
}
