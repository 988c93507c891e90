using System.Text.Json;
using Harmony.Tests.Postgres;

namespace Harmony.Tests.Http;

/// <summary>A job that always fails, from its first run to its purge, over REST and with a real job server.</summary>
[TestClass]
public sealed class DlqTests
{
    [TestMethod]
    public async Task A_dead_letter_is_requeued_with_full_budget()
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

    [TestMethod]
    public async Task A_filter_selects_every_match_unless_dry_run()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var host = await StartAsync(database, ("RETRY_NOOP_MAX_ATTEMPTS", "0"), ("DLQ_REQUEUE_LIMIT", "3"));
        var noops = new List<long>();
        foreach (var message in new[] { "disk full", "disk full", "disk full", "disk full", "100% sure", "odd" })
            noops.Add((await host.PostAsync("/api/v1/jobs", $"{{\"kind\":\"noop\",\"args\":{{\"fail\":\"{message}\"}}}}", ApiHost.OperatorKey)).Json.GetProperty("job_id").GetInt64());
        var other = await ScalarAsync<long>(database, "select job_id from harmony.enqueue('metadata', '{\"download_id\":\"x\"}')");
        foreach (var id in noops.Append(other))
            await DeadAsync(host, id);
        // What is requeued stays where the test can count it.
        await database.Database.ExecuteAsync("select harmony.pause('lane', 'operator'), harmony.pause('lane', 'enrich')", null, CancellationToken.None);

        var dry = await RequeueAsync(host, "{\"kind\":\"noop\",\"text\":\"DISK\",\"dry_run\":true}");
        Assert.AreEqual(4, dry.GetProperty("matched").GetInt64());
        Assert.IsTrue(dry.GetProperty("dry_run").GetBoolean());
        Assert.AreEqual(0, dry.GetProperty("requeued").GetArrayLength());
        Assert.AreEqual(7L, await ScalarAsync<long>(database, "select count(*) from harmony.job where state = 'Failed'"));
        Assert.AreEqual(
            "key:key-3 noop DISK 4 true",
            await ScalarAsync<string>(database, "select concat_ws(' ', actor, target, detail ->> 'text', affected, dry_run::text) from harmony.operator_action order by action_id desc limit 1"));

        // The limit of a call takes the oldest; the answer tells how many there were.
        var first = await RequeueAsync(host, "{\"kind\":\"noop\",\"text\":\"disk\"}");
        Assert.AreEqual(4, first.GetProperty("matched").GetInt64());
        CollectionAssert.AreEquivalent(noops.Take(4).Order().ToList(), await RequeuedAsync(host, first, "{\"text\":\"disk full\"}"));
        Assert.AreEqual(1, (await RequeueAsync(host, "{\"text\":\"0% s\"}")).GetProperty("requeued").GetArrayLength());
        Assert.AreEqual(0, (await RequeueAsync(host, "{\"text\":\"0_ s\"}")).GetProperty("matched").GetInt64());
        Assert.AreEqual(other, (await RequeueAsync(host, "{\"reason\":\"bad_args\"}")).GetProperty("requeued")[0].GetInt64());

        Assert.AreEqual(0, Purged(await host.PostAsync("/api/v1/dlq/purge", "{\"kind\":\"metadata\"}", ApiHost.AdminKey)));
        Assert.AreEqual(1, Purged(await host.PostAsync("/api/v1/dlq/purge", "{\"kind\":\"noop\",\"dry_run\":true}", ApiHost.AdminKey)));
        Assert.AreEqual(1, Purged(await host.PostAsync("/api/v1/dlq/purge", "{\"kind\":\"noop\",\"reason\":\"retries_exhausted\"}", ApiHost.AdminKey)));
        Assert.AreEqual("Deleted", await ScalarAsync<string>(database, $"select state from harmony.job where job_id = {noops[5]}"));
        Assert.AreEqual(6L, await ScalarAsync<long>(database, "select count(*) from hangfire.jobqueue"));
    }

    [TestMethod]
    [DataRow("{}", "ids")]
    [DataRow("{\"ids\":[1],\"kind\":\"noop\"}", "ids")]
    [DataRow("{\"ids\":[]}", "ids")]
    [DataRow("{\"kind\":\" \"}", "kind")]
    [DataRow("{\"text\":\"\"}", "text")]
    [DataRow("{\"reason\":\"a\\u0000b\"}", "reason")]
    [DataRow("{\"older_than\":\"2999-01-01T00:00:00Z\"}", "older_than")]
    public async Task An_invalid_selection_names_its_field(string body, string field)
    {
        await using var host = await ApiHost.StartAsync(null, ("HARMONY_API_KEYS", ApiHost.Keys));
        foreach (var act in new[] { "requeue", "purge" })
        {
            var answer = await host.PostAsync($"/api/v1/dlq/{act}", body, ApiHost.AdminKey);
            Assert.AreEqual(400, answer.Status);
            Assert.AreEqual(field, answer.Field);
        }
    }

    [TestMethod]
    public async Task Dead_letters_are_sorted_as_requested()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var host = await StartAsync(database, ("RETRY_NOOP_MAX_ATTEMPTS", "0"));
        var ids = new List<long>();
        for (var i = 0; i < 2; i++)
        {
            ids.Add((await host.PostAsync("/api/v1/jobs", "{\"kind\":\"noop\",\"args\":{\"fail\":\"x\"}}", ApiHost.OperatorKey)).Json.GetProperty("job_id").GetInt64());
            await DeadAsync(host, ids[^1]);
        }

        // The older one dies again, later than the younger one.
        await host.PostAsync("/api/v1/dlq/requeue", $"{{\"ids\":[{ids[0]}]}}", ApiHost.OperatorKey);
        await Until.SeenAsync(
            () => ScalarAsync<long>(database, "select job_id from harmony.job where state = 'Failed' order by dead_lettered_at desc limit 1"), newest => newest == ids[0]);

        CollectionAssert.AreEqual(new[] { ids[1], ids[0] }, await ListedAsync(host, "order_by=created_at&order_dir=desc"));
        CollectionAssert.AreEqual(new[] { ids[0], ids[1] }, await ListedAsync(host, "order_by=updated_at&order_dir=desc"));
        CollectionAssert.AreEqual(new[] { ids[0], ids[1] }, await ListedAsync(host, "order_by=created_at&order_dir=asc"));
    }

    private static Task<ApiHost> StartAsync(TestDatabase database, params (string Name, string Value)[] more) =>
        ApiHost.StartAsync(
            database,
            [
                ("HARMONY_API_KEYS", ApiHost.Keys), ("HARMONY_ROLES", "api,worker"), ("ORCH_VISIBILITY_TIMEOUT_S", "5"), ("SHUTDOWN_GRACE_S", "1"),
                ("WATCHLIST_TIMER_ENABLED", "false"), .. more,
            ]);

    private static async Task<JsonElement> RequeueAsync(ApiHost host, string body)
    {
        var answer = await host.PostAsync("/api/v1/dlq/requeue", body, ApiHost.AdminKey);
        Assert.AreEqual(200, answer.Status, answer.Text);
        return answer.Json.GetProperty("data");
    }

    // A worker holds a job it has just finished for a moment longer; such a one is "busy" and asked for again.
    private static async Task<List<long>> RequeuedAsync(ApiHost host, JsonElement first, string again)
    {
        var ids = first.GetProperty("requeued").EnumerateArray().Select(e => e.GetInt64()).ToList();
        Assert.IsLessThanOrEqualTo(3, ids.Count);
        while (true)
        {
            var more = await RequeueAsync(host, again);
            if (more.GetProperty("matched").GetInt64() == 0)
                return ids;
            ids.AddRange(more.GetProperty("requeued").EnumerateArray().Select(e => e.GetInt64()));
        }
    }

    private static async Task<long[]> ListedAsync(ApiHost host, string query) =>
        [.. (await host.GetAsync($"/api/v1/dlq?{query}", ApiHost.ViewerKey)).Json.GetProperty("data").GetProperty("items").EnumerateArray().Select(i => i.GetProperty("id").GetInt64())];

    private static Task<T?> ScalarAsync<T>(TestDatabase database, string sql) => database.Database.QueryFirstAsync<T>(sql, null, CancellationToken.None);

    private static long Purged(Answer answer) => answer.Json.GetProperty("data").GetProperty("purged").GetInt64();

    private static Task DeadAsync(ApiHost host, long id) =>
        Until.SeenAsync(async () => (await host.GetAsync($"/api/v1/jobs/{id}", ApiHost.ViewerKey)).Json.GetProperty("status").GetString(), status => status == "Failed");
}
