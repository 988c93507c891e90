using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Harmony.Api.Configuration;
using Harmony.Tests.Postgres;

namespace Harmony.Tests.Http;

/// <summary>Keys whose effect is only seen on a running host.</summary>
[TestClass]
public sealed class KeysOverHttpTests
{
    [TestMethod]
    public async Task The_base_path_moves_the_api_but_not_live()
    {
        await using var host = await ApiHost.StartAsync(null, ("API_BASE_PATH", "/music/api/"));

        Assert.AreEqual(200, (await host.GetAsync("/music/api/health")).Status);
        Assert.AreEqual(200, (await host.GetAsync("/live")).Status);
        Assert.AreEqual(404, (await host.GetAsync("/api/v1/health")).Status);
    }

    [TestMethod]
    [DataRow("true", 503)]
    [DataRow("false", 200)]
    public async Task A_setting_decides_readiness_without_a_database(string required, int status)
    {
        await using var host = await ApiHost.StartAsync(null, ("HEALTH_READY_REQUIRE_DB", required));

        Assert.AreEqual(status, (await host.GetAsync("/api/v1/ready")).Status);
    }

    [TestMethod]
    public async Task Readiness_probes_each_named_provider_once()
    {
        await using var host = await ApiHost.StartAsync(
            null, ("HEALTH_READY_REQUIRE_DB", "false"), ("HEALTH_DEPS", "slskd,SLSKD"), ("SLSKD_BASE_URL", "http://127.0.0.1:1"));

        var answer = await host.GetAsync("/api/v1/ready");

        Assert.AreEqual(503, answer.Status);
        Assert.Contains("slskd is down", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("spotify", answer.Text, StringComparison.Ordinal);
    }

    // Longer than the default: a host that ignores the key answers sooner.
    [TestMethod]
    public async Task Readiness_times_out_on_a_silent_database_as_configured()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var host = await ApiHost.StartAsync(
            null, ("HEALTH_DB_TIMEOUT_MS", "1600"), ("DATABASE_URL", $"postgres://ann@127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}/music?sslmode=disable"));

        var waited = await TimeOfAsync(host, "/api/v1/ready");
        Assert.IsGreaterThan(TimeSpan.FromMilliseconds(1500), waited);
        Assert.IsLessThan(TimeSpan.FromSeconds(8), waited, "the driver would wait for ten seconds");
    }

    [TestMethod]
    public async Task Readiness_times_out_on_a_silent_provider_as_configured()
    {
        // A full queue of connections nobody accepts: the next one is neither taken nor refused.
        using var full = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        full.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        full.Listen(0);
        var end = (IPEndPoint)full.LocalEndPoint!;
        var waiting = Enumerable.Range(0, 4).Select(_ => new TcpClient()).ToList();
        _ = waiting.Select(client => client.ConnectAsync(end.Address, end.Port)).ToList();
        await using var host = await ApiHost.StartAsync(
            null, ("HEALTH_READY_REQUIRE_DB", "false"), ("HEALTH_DEPS", "slskd"), ("HEALTH_DEP_TIMEOUT_MS", "1600"), ("SLSKD_BASE_URL", $"http://127.0.0.1:{end.Port}"));

        // Its answer is kept for a while, so the first one is timed; another address warms the process up.
        Assert.IsGreaterThan(TimeSpan.FromMilliseconds(1500), await TimeOfAsync(host, "/api/v1/ready", "/api/v1/nothing"));
        waiting.ForEach(client => client.Dispose());
    }

    [TestMethod]
    public async Task Dead_letter_pages_and_purges_have_configured_limits()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var host = await ApiHost.StartAsync(database, ("DLQ_PAGE_SIZE_DEFAULT", "3"), ("DLQ_PAGE_SIZE_MAX", "4"), ("DLQ_PURGE_LIMIT", "1"));

        Assert.AreEqual(3, (await host.GetAsync("/api/v1/dlq")).Json.GetProperty("data").GetProperty("page_size").GetInt32());
        Assert.AreEqual(200, (await host.GetAsync("/api/v1/dlq?page_size=4")).Status);
        Assert.AreEqual(400, (await host.GetAsync("/api/v1/dlq?page_size=5")).Status);
        Assert.AreEqual(200, (await host.PostAsync("/api/v1/dlq/purge", "{\"ids\":[1]}")).Status);
        Assert.AreEqual(400, (await host.PostAsync("/api/v1/dlq/purge", "{\"ids\":[1,2]}")).Status);
    }

    [TestMethod]
    [DataRow("true", "jobs_of_ours.job")]
    [DataRow("false", null)]
    public async Task The_schema_is_created_under_its_name_if_enabled(string migrate, string? table)
    {
        await using var database = await TestDatabase.CreateEmptyAsync();
        await using var host = await ApiHost.StartAsync(database, ("FEATURE_RUN_MIGRATIONS", migrate), ("HARMONY_HANGFIRE_SCHEMA", "jobs_of_ours"));

        Assert.AreEqual(table, await database.Database.QueryFirstAsync<string>("select to_regclass('jobs_of_ours.job')::text", null, CancellationToken.None));
        Assert.IsNull(await database.Database.QueryFirstAsync<string>("select to_regclass('hangfire.job')::text", null, CancellationToken.None));
    }

    [TestMethod]
    public async Task A_start_waits_for_the_database_as_configured()
    {
        var clock = Stopwatch.StartNew();
        var refusal = await Assert.ThrowsExactlyAsync<StartupException>(() => ApiHost.StartAsync(
            null, ("WAIT_FOR_POSTGRES", "true"), ("POSTGRES_WAIT_ATTEMPTS", "3"), ("POSTGRES_WAIT_INTERVAL", "0.4")));

        Assert.AreEqual(("DATABASE_URL", ExitCode.Unreachable), (refusal.Problems[0].Component, refusal.Code));
        Assert.IsGreaterThan(TimeSpan.FromSeconds(0.7), clock.Elapsed);
        Assert.IsLessThan(TimeSpan.FromSeconds(30), clock.Elapsed, "the default would try for a minute");
    }

    private static async Task<TimeSpan> TimeOfAsync(ApiHost host, string path, string? before = null)
    {
        // The first request of a process also waits for its code.
        await host.GetAsync(before ?? path);
        var clock = Stopwatch.StartNew();
        Assert.AreEqual(503, (await host.GetAsync(path)).Status);
        return clock.Elapsed;
    }
}
