using Harmony.Tests.Postgres;

namespace Harmony.Tests.Http;

/// <summary>A job that always fails, from its first run to its purge, over REST and with a real job server.</summary>
[TestClass]
public sealed class DlqTests
{
    [TestMethod]
    public async Task A_dead_letter_is_listed_requeued_with_its_whole_budget_and_purged()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var host = await ApiHost.StartAsync(
            database,
            ("HARMONY_API_KEYS", ApiHost.Keys),
            ("HARMONY_ROLES", "api,worker"),
            ("ORCH_VISIBILITY_TIMEOUT_S", "5"),
            ("SHUTDOWN_GRACE_S", "1"),
            ("WATCHLIST_TIMER_ENABLED", "false"),
            ("RETRY_NOOP_MAX_ATTEMPTS", "1"),
            ("RETRY_NOOP_BASE_SECONDS", "0.05"));
        var id = (await host.PostAsync("/api/v1/jobs", "{\"kind\":\"noop\",\"args\":{\"fail\":\"it broke\"}}", ApiHost.OperatorKey)).Json.GetProperty("job_id").GetInt64();
        await DeadAsync(host, id);

        var list = (await host.GetAsync("/api/v1/dlq?kind=noop", ApiHost.ViewerKey)).Json.GetProperty("data");
        Assert.AreEqual(1, list.GetProperty("total").GetInt64());
        var letter = list.GetProperty("items")[0];
        Assert.AreEqual(id, letter.GetProperty("id").GetInt64());
        Assert.AreEqual("noop", letter.GetProperty("entity").GetString());
        Assert.Contains("it broke", letter.GetProperty("message").GetString()!, StringComparison.Ordinal);
        Assert.AreEqual(1, (await host.GetAsync("/api/v1/dlq/stats", ApiHost.ViewerKey)).Json.GetProperty("data").GetProperty("last_24h").GetInt64());

        var answer = (await host.PostAsync("/api/v1/dlq/requeue", $"{{\"ids\":[{id},987654321]}}", ApiHost.OperatorKey)).Json.GetProperty("data");
        Assert.AreEqual(id, answer.GetProperty("requeued")[0].GetInt64());
        Assert.AreEqual(987654321, answer.GetProperty("skipped")[0].GetProperty("id").GetInt64());
        Assert.AreEqual("not_found", answer.GetProperty("skipped")[0].GetProperty("reason").GetString());

        await Until.SeenAsync(
            async () => (await host.GetAsync($"/api/v1/jobs/{id}", ApiHost.ViewerKey)).Json.GetProperty("history").EnumerateArray().Count(e => e.GetProperty("to_state").GetString() == "Processing"),
            runs => runs >= 4);
        await DeadAsync(host, id);
        var history = (await host.GetAsync($"/api/v1/jobs/{id}", ApiHost.ViewerKey)).Json.GetProperty("history").EnumerateArray().ToList();
        Assert.IsTrue(history.Exists(e => e.GetProperty("to_state").GetString() == "Enqueued" && e.GetProperty("actor").GetString() == "key:otto" && e.GetProperty("from_state").GetString() == "Failed"));

        Assert.AreEqual(403, (await host.PostAsync("/api/v1/dlq/purge", $"{{\"ids\":[{id}]}}", ApiHost.OperatorKey)).Status);
        Assert.AreEqual(400, (await host.PostAsync("/api/v1/dlq/purge", "{}", ApiHost.AdminKey)).Status);
        Assert.AreEqual(400, (await host.PostAsync("/api/v1/dlq/purge", $"{{\"ids\":[{id}],\"older_than\":\"2020-01-01T00:00:00Z\"}}", ApiHost.AdminKey)).Status);
        Assert.AreEqual(0, Purged(await host.PostAsync("/api/v1/dlq/purge", "{\"older_than\":\"2020-01-01T00:00:00Z\"}", ApiHost.AdminKey)));
        Assert.AreEqual(1, Purged(await host.PostAsync("/api/v1/dlq/purge", $"{{\"ids\":[{id}]}}", ApiHost.AdminKey)));
        Assert.AreEqual(0, (await host.GetAsync("/api/v1/dlq", ApiHost.ViewerKey)).Json.GetProperty("data").GetProperty("total").GetInt64());
        Assert.AreEqual("not_dead_letter", (await host.PostAsync("/api/v1/dlq/requeue", $"{{\"ids\":[{id}]}}", ApiHost.OperatorKey))
            .Json.GetProperty("data").GetProperty("skipped")[0].GetProperty("reason").GetString());
    }

    private static long Purged(Answer answer) => answer.Json.GetProperty("data").GetProperty("purged").GetInt64();

    private static Task DeadAsync(ApiHost host, long id) =>
        Until.SeenAsync(async () => (await host.GetAsync($"/api/v1/jobs/{id}", ApiHost.ViewerKey)).Json.GetProperty("status").GetString(), status => status == "Failed");
}
