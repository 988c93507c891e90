using System.Globalization;
using Harmony.Tests.Postgres;

namespace Harmony.Tests.Http;

/// <summary>Every family an alert or a chart may ask for is there, and moves with what happens.</summary>
[TestClass]
public sealed class MetricsTests
{
    private static readonly string[] Families =
    [
        "harmony_jobs gauge", "harmony_oldest_waiting_seconds gauge", "harmony_job_duration_seconds histogram", "harmony_job_wait_seconds histogram",
        "harmony_jobs_ended_total counter", "harmony_job_retries_total counter", "harmony_job_dead_letters_total counter", "harmony_leases_lost_total counter",
        "harmony_dead_letters gauge", "harmony_dlq_size gauge", "db_client_connection_count gauge", "db_client_connection_max gauge",
        "harmony_provider_gate gauge", "harmony_provider_gate_open gauge", "harmony_rate_window_used gauge", "harmony_rate_window_permits gauge",
        "harmony_parked_tickets gauge", "harmony_paused gauge", "harmony_servers_alive gauge", "harmony_database_up gauge",
        "harmony_cache_hits_total counter", "harmony_cache_misses_total counter", "harmony_cache_stale_total counter", "harmony_cache_bypassed_total counter",
        "harmony_cache_evictions_total counter", "harmony_cache_entries gauge",
    ];

    [TestMethod]
    public async Task A_worker_serves_only_metrics_and_probes()
    {
        const string Succeeded = "harmony_jobs_ended_total{ending=\"succeeded\",kind=\"noop\"} ";
        await using var database = await TestDatabase.CreateAsync();
        await using var host = await ApiHost.StartAsync(
            database, ("HARMONY_ROLES", "worker"), ("METRICS_PORT", Walks.HarmonyProcess.FreePort().ToString(CultureInfo.InvariantCulture)),
            ("HARMONY_API_KEYS", ApiHost.Keys), ("WATCHLIST_TIMER_ENABLED", "false"));
        await database.Database.ExecuteAsync("select harmony.enqueue('noop', '{}')", null, CancellationToken.None);

        await Until.SeenAsync(
            async () => (await host.GetAsync("/metrics", ApiHost.ViewerKey)).Text,
            text => text.Contains(Succeeded, StringComparison.Ordinal) && !text.Contains(Succeeded + "0\n", StringComparison.Ordinal));
        Assert.AreEqual(401, (await host.GetAsync("/metrics")).Status);
        Assert.AreEqual(200, (await host.GetAsync("/live")).Status);
        Assert.AreEqual(200, (await host.GetAsync("/api/v1/ready")).Status);
        foreach (var other in new[] { "/", "/ui", "/api/v1/jobs", "/hangfire", "/api/v1/openapi.json" })
            Assert.AreEqual(404, (await host.GetAsync(other, ApiHost.AdminKey)).Status, other);
    }

    [TestMethod]
    public async Task Uptime_counts_from_the_process_start()
    {
        await using var host = await ApiHost.StartAsync();
        await Task.Delay(1200, CancellationToken.None);

        var health = await host.GetAsync("/api/v1/health");

        Assert.IsGreaterThanOrEqualTo(1, health.Json.GetProperty("data").GetProperty("uptime_s").GetInt64(), health.Text);
    }

    [TestMethod]
    public async Task Every_metric_family_is_exported_and_changes()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var host = await ApiHost.StartAsync(
            database, ("HARMONY_ROLES", "api,worker"), ("ORCH_VISIBILITY_TIMEOUT_S", "5"), ("SHUTDOWN_GRACE_S", "1"),
            ("WATCHLIST_TIMER_ENABLED", "false"), ("RETRY_NOOP_MAX_ATTEMPTS", "1"), ("RETRY_NOOP_BASE_SECONDS", "0.05"));
        await Until.SeenAsync(() => ScrapeAsync(host), s => s.GetValueOrDefault("harmony_servers_alive") == 1);
        var before = await ScrapeAsync(host);

        await database.Database.ExecuteAsync(
            """
            select harmony.enqueue_many('noop', array['{}', '{"fail":"x"}']::jsonb[]);
            select harmony.enqueue('noop', '{}', run_at => now() + interval '1 hour');
            select harmony.gate_block('spotify', interval '1 hour', 'test');
            select harmony.pause('kind', 'lyrics')
            """,
            null,
            CancellationToken.None);
        await Until.SeenAsync(() => ScrapeAsync(host), s => s.GetValueOrDefault("harmony_dlq_size") == 1);
        await database.Database.ExecuteAsync("select harmony.enqueue('lyrics', '{\"download_id\":1}')", null, CancellationToken.None);
        var after = await Until.SeenAsync(() => ScrapeAsync(host), s => s.GetValueOrDefault("harmony_parked_tickets") == 1);

        var text = (await host.GetAsync("/api/v1/metrics")).Text;
        foreach (var family in Families)
            Assert.Contains($"# TYPE {family}\n", text, StringComparison.Ordinal);
        foreach (var moved in new[]
        {
            "harmony_jobs_ended_total{ending=\"succeeded\",kind=\"noop\"}", "harmony_jobs_ended_total{ending=\"dead\",kind=\"noop\"}",
            "harmony_job_retries_total{kind=\"noop\"}", "harmony_job_dead_letters_total{kind=\"noop\"}",
            "harmony_job_duration_seconds_count{kind=\"noop\"}", "harmony_job_duration_seconds_bucket{kind=\"noop\",le=\"+Inf\"}",
            "harmony_job_wait_seconds_count{lane=\"operator\"}", "harmony_jobs{lane=\"operator\",state=\"scheduled\"}",
            "harmony_dead_letters{reason=\"retries_exhausted\"}", "harmony_provider_gate{provider=\"spotify\",state=\"open\"}",
            "harmony_paused{name=\"lyrics\",scope=\"kind\"}",
        })
        {
            Assert.IsGreaterThan(before.GetValueOrDefault(moved), after.GetValueOrDefault(moved), $"{moved}\n{text}");
        }

        Assert.AreEqual(0, after["harmony_provider_gate{provider=\"spotify\",state=\"closed\"}"]);
        Assert.AreEqual(34, after["harmony_rate_window_permits{lane=\"search\"}"]);
        Assert.IsTrue(after.ContainsKey("harmony_leases_lost_total{kind=\"noop\"}"), text);
        Assert.IsTrue(after.Keys.Any(k => k.StartsWith("db_client_connection_count{", StringComparison.Ordinal) && k.Contains("idle", StringComparison.Ordinal)), text);

        // Buckets only grow, and the last one is the count.
        var buckets = after.Where(s => s.Key.StartsWith("harmony_job_duration_seconds_bucket{kind=\"noop\"", StringComparison.Ordinal)).ToList();
        Assert.HasCount(13, buckets);
        CollectionAssert.AreEqual(buckets.Select(b => b.Value).Order().ToList(), buckets.Select(b => b.Value).ToList());
        Assert.DoesNotContain("Password", text, StringComparison.OrdinalIgnoreCase);
        Assert.AreEqual(200, (await host.GetAsync("/metrics")).Status);
    }

    private static async Task<Dictionary<string, double>> ScrapeAsync(ApiHost host) =>
        (await host.GetAsync("/api/v1/metrics")).Text.Split('\n')
            .Where(l => l.Length > 0 && l[0] != '#')
            .Select(l => l.Split(' ') is var parts ? (Name: string.Join(' ', parts[..^1]).Replace("{}", "", StringComparison.Ordinal), Value: double.Parse(parts[^1], CultureInfo.InvariantCulture)) : default)
            .ToDictionary(s => s.Name, s => s.Value, StringComparer.Ordinal);
}
