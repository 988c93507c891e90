using Harmony.Api.Configuration;
using Harmony.Api.Hosting;
using Harmony.Jobs;
using Harmony.Orchestrator;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harmony.Tests.Postgres;

/// <summary>The file .env is written while jobs run.</summary>
[TestClass]
public sealed class RetryReloadTests
{
    [TestMethod]
    public async Task A_changed_policy_is_applied_unless_malformed()
    {
        await using var db = await TestDatabase.CreateAsync();
        var file = new Dictionary<string, string> { ["RETRY_POLICY_RELOAD_S"] = "1" };
        Settings Read() => Settings.From(new Dictionary<string, string>(), file, HarmonySetup.Names, Read);
        var settings = Read();
        var options = new OrchestratorOptions();
        var catalogue = Catalogue.Of(Lanes.All, typeof(Lanes).Assembly);
        var policies = new RetryPolicies(options);
        var noop = catalogue.Find("noop")!;
        using var reload = new RetryReload(
            settings, policies, new KindSync(db.Database, catalogue, options), TimeProvider.System, NullLogger<RetryReload>.Instance);
        await reload.StartAsync(CancellationToken.None);

        file["RETRY_NOOP_MAX_ATTEMPTS"] = "3";
        await Until.SeenAsync(() => Task.FromResult(policies.For(noop).MaxRetries), n => n == 3);
        await Until.SeenAsync(
            () => db.Database.QueryFirstAsync<int>("select max_retries from harmony.kind where kind = 'noop'", null, CancellationToken.None), n => n == 3);

        file["RETRY_NOOP_MAX_ATTEMPTS"] = "many";
        await Task.Delay(TimeSpan.FromSeconds(1.5));
        Assert.AreEqual(3, policies.For(noop).MaxRetries);

        file.Remove("RETRY_NOOP_MAX_ATTEMPTS");
        file["RETRY_MAX_ATTEMPTS"] = "7";
        await Until.SeenAsync(() => Task.FromResult(policies.For(noop).MaxRetries), n => n == 7);
        await reload.StopAsync(CancellationToken.None);
    }
}
