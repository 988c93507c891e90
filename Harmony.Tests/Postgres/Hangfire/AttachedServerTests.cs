using Hangfire;
using Hangfire.PostgreSql;
using Harmony.Orchestrator;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Harmony.Tests.Postgres;

/// <summary>A plain Hangfire server of another program on the same database, with a queue of its own.</summary>
[TestClass]
public sealed class AttachedServerTests : EngineFixture
{
    private const int Jobs = 1000;

    [TestMethod]
    [Timeout(240_000, CooperativeCancellation = true)]
    public async Task A_Hangfire_server_and_a_Harmony_server_share_storage()
    {
        await using var fleet = await StartAsync(o => o.GlobalConcurrency = 20);
        var storage = new PostgreSqlStorage(new Connections(Place.Source), new PostgreSqlStorageOptions { PrepareSchemaIfNecessary = false, QueuePollInterval = TimeSpan.FromMilliseconds(200) });
        var name = $"mail-{Guid.CreateVersion7():n}";
        var client = new BackgroundJobClient(storage);
        for (var i = 0; i < Jobs; i++)
            client.Enqueue("mail", () => ForeignJobs.Note(name));
        await Db.InTransactionAsync(
            work => fleet.Services.GetRequiredService<JobQueue>().EnqueueManyAsync(work, [.. Enumerable.Range(0, Jobs).Select(_ => new CrowdArgs())], null, CancellationToken.None),
            CancellationToken.None);

        using (new BackgroundJobServer(new BackgroundJobServerOptions { Queues = ["mail"], WorkerCount = 4, Activator = new JobActivator() }, storage))
            await Until.SeenAsync(() => CountAsync("Succeeded"), n => n == 2 * Jobs, TimeSpan.FromSeconds(200));

        Assert.AreEqual(Jobs, ForeignJobs.RunsOf(name));
        var ours = fleet.Services.GetRequiredService<JobServer>().ServerId;
        Assert.AreEqual(
            $"Note {Jobs} false, crowd {Jobs} true",
            await ScalarAsync<string>(
                "select string_agg(line, ', ' order by line) from (select concat(kind, ' ', count(*), ' ', case when worker = @ours then 'true' else 'false' end) as line from harmony.job group by kind, worker = @ours) l",
                new { ours }));
        Assert.AreEqual(
            (long)(2 * Jobs),
            await ScalarAsync<long>("select count(*) from harmony.job_event where to_state = 'Processing'", null),
            "each job was started once");
    }

    private sealed class Connections(NpgsqlDataSource source) : IConnectionFactory
    {
        public NpgsqlConnection GetOrCreateConnection() => source.CreateConnection();
    }
}
