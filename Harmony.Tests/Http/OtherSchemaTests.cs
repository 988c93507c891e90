using Harmony.Tests.Postgres;

namespace Harmony.Tests.Http;

/// <summary>Hangfire's tables under another name: nothing of ours may know the usual one.</summary>
[TestClass]
public sealed class OtherSchemaTests
{
    [TestMethod]
    public async Task Jobs_pages_and_audit_queries_work()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();
        await using var host = await ApiHost.StartAsync(
            database, ("HARMONY_HANGFIRE_SCHEMA", "jobs_of_ours"), ("HARMONY_ROLES", "api,worker"), ("WATCHLIST_TIMER_ENABLED", "false"));
        await database.Database.ExecuteAsync("select harmony.enqueue_many('noop', array['{}', '{\"fail\":\"x\",\"permanent\":true}']::jsonb[])", null, CancellationToken.None);
        await Until.SeenAsync(
            () => database.Database.QueryFirstAsync<long>("select count(*) from harmony.job where state = 'Succeeded'", null, CancellationToken.None), n => n > 0);

        foreach (var address in new[]
        {
            "/api/v1/status", "/api/v1/metrics", "/api/v1/ready", "/api/v1/jobs", "/api/v1/jobs/1", "/api/v1/dlq", "/api/v1/lanes", "/api/v1/schedules",
            "/ui", "/ui/jobs", "/ui/jobs/1", "/ui/dead-letters", "/ui/schedules", "/ui/lanes", "/ui/audit",
        })
        {
            Assert.AreEqual(200, (await host.GetAsync(address)).Status, address);
        }

        foreach (var query in AuditQuery.All())
            await query.RunAsync(database.Source, query.Examples);
        Assert.IsEmpty(await AuditQuery.Named("self_check").RunAsync(database.Source, new Dictionary<string, string>()));
        Assert.AreEqual(0L, await database.Database.QueryFirstAsync<long>("select count(*) from pg_namespace where nspname = 'hangfire'", null, CancellationToken.None));
    }
}
