using Harmony.Tests.Postgres;

namespace Harmony.Tests.Http;

[TestClass]
public sealed class LanesApiTests
{
    private static TestDatabase s_database = null!;
    private static ApiHost s_host = null!;

    [ClassInitialize]
    public static async Task StartAsync(TestContext context)
    {
        s_database = await TestDatabase.CreateAsync();
        s_host = await ApiHost.StartAsync(s_database, ("HARMONY_API_KEYS", ApiHost.Keys));
    }

    [ClassCleanup]
    public static async Task StopAsync()
    {
        await s_host.DisposeAsync();
        await s_database.DisposeAsync();
    }

    [TestMethod]
    public async Task A_provider_is_paused_seen_and_resumed()
    {
        Assert.AreEqual(204, (await PostAsync("""{"scope":"provider","name":"spotify","reason":"new keys"}""")).Status);
        var pause = (await s_host.GetAsync("/api/v1/pauses", ApiHost.ViewerKey)).Json.GetProperty("items").EnumerateArray().Single();
        Assert.AreEqual("spotify", pause.GetProperty("name").GetString());
        Assert.AreEqual("new keys", pause.GetProperty("reason").GetString());
        Assert.AreEqual("artist_sync", await ScalarAsync<string>("select k from unnest(harmony.blocked_kinds()) k where k = 'artist_sync'"));

        Assert.AreEqual(204, (await s_host.SendAsync(HttpMethod.Delete, "/api/v1/pauses/provider/spotify", ApiHost.OperatorKey, body: null)).Status);
        Assert.AreEqual(404, (await s_host.SendAsync(HttpMethod.Delete, "/api/v1/pauses/provider/spotify", ApiHost.OperatorKey, body: null)).Status);
        Assert.AreEqual(2L, await ScalarAsync<long>("select count(*) from harmony.operator_action where target = 'provider:spotify'"));
    }

    [TestMethod]
    [DataRow("""{"scope":"planet","name":"mars"}""", "scope")]
    [DataRow("""{"scope":"lane","name":"mars"}""", "name")]
    [DataRow("""{"scope":"lane"}""", "name")]
    [DataRow("""{"scope":"lane","name":"search","until":"2001-01-01T00:00:00Z"}""", "until")]
    public async Task A_pause_of_an_unknown_target_names_the_field(string body, string field)
    {
        var answer = await PostAsync(body);

        Assert.AreEqual(400, answer.Status, answer.Text);
        Assert.Contains($"\"{field}\"", answer.Text, StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task A_due_timer_counts_as_waiting_only()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var host = await ApiHost.StartAsync(database, ("HARMONY_API_KEYS", ApiHost.Keys));
        async Task<string> OperatorLaneAsync()
        {
            var lane = (await host.GetAsync("/api/v1/lanes", ApiHost.ViewerKey)).Json.GetProperty("items").EnumerateArray().Single(l => l.GetProperty("lane").GetString() == "operator");
            return $"{lane.GetProperty("waiting")} waiting, {lane.GetProperty("later")} later";
        }

        await database.Database.ExecuteAsync("select harmony.enqueue('noop', jsonb_build_object('n', n), null, harmony.now() + n * interval '1 hour') from generate_series(1, 3) n", null, CancellationToken.None);
        Assert.AreEqual("0 waiting, 3 later", await OperatorLaneAsync());

        await database.Database.ExecuteAsync("select harmony.run_now(min(job_id)) from harmony.job; select harmony.release_due(10)", null, CancellationToken.None);

        Assert.AreEqual("Scheduled", await database.Database.QueryFirstAsync<string>("select state from harmony.job order by job_id limit 1", null, CancellationToken.None));
        Assert.AreEqual("1 waiting, 2 later", await OperatorLaneAsync());
    }

    [TestMethod]
    public async Task Lanes_show_width_pause_and_rate()
    {
        await PostAsync("""{"scope":"lane","name":"search","until":"2101-01-01T00:00:00Z"}""");

        var search = (await s_host.GetAsync("/api/v1/lanes", ApiHost.ViewerKey)).Json.GetProperty("items").EnumerateArray()
            .Single(l => l.GetProperty("lane").GetString() == "search");

        Assert.AreEqual(34, search.GetProperty("rate").GetProperty("permits").GetInt32());
        Assert.AreEqual(2, search.GetProperty("width").GetInt32());
        Assert.AreEqual("key:otto", search.GetProperty("paused").GetProperty("paused_by").GetString());
    }

    [TestMethod]
    public async Task A_viewer_can_only_read()
    {
        Assert.AreEqual(200, (await s_host.GetAsync("/api/v1/lanes", ApiHost.ViewerKey)).Status);
        Assert.AreEqual(403, (await s_host.PostAsync("/api/v1/pauses", """{"scope":"lane","name":"search"}""", ApiHost.ViewerKey)).Status);
        Assert.AreEqual(403, (await s_host.PostAsync("/api/v1/schedules/prune/trigger", null, ApiHost.ViewerKey)).Status);
        Assert.AreEqual(404, (await s_host.PostAsync("/api/v1/schedules/nothing/trigger", null, ApiHost.OperatorKey)).Status);
    }

    [TestMethod]
    public async Task A_reset_unblocks_a_provider()
    {
        await ScalarAsync<DateTimeOffset>("select harmony.gate_block('lyrics', '1 hour', 'come back later')");
        var gate = (await s_host.GetAsync("/api/v1/gates", ApiHost.ViewerKey)).Json.GetProperty("items").EnumerateArray().Single(g => g.GetProperty("provider").GetString() == "lyrics");
        Assert.AreEqual("open", gate.GetProperty("state").GetString());

        Assert.AreEqual(403, (await s_host.PostAsync("/api/v1/gates/lyrics/reset", null, ApiHost.ViewerKey)).Status);
        Assert.AreEqual(204, (await s_host.PostAsync("/api/v1/gates/lyrics/reset", null, ApiHost.OperatorKey)).Status);
        Assert.AreEqual(404, (await s_host.PostAsync("/api/v1/gates/nobody/reset", null, ApiHost.OperatorKey)).Status);
        Assert.AreEqual("closed", await ScalarAsync<string>("select state from harmony.provider_gate where provider = 'lyrics'"));
    }

    [TestMethod]
    public async Task A_waiting_job_shows_and_changes_its_place()
    {
        await ScalarAsync<long>("select max(job_id) from harmony.enqueue_many('noop', array_fill('{}'::jsonb, array[3]))");
        var last = await ScalarAsync<long>("select max(job_id) from harmony.job");
        var path = $"/api/v1/jobs/{last}";
        Assert.AreEqual(2, (await s_host.GetAsync(path, ApiHost.ViewerKey)).Json.GetProperty("ahead").GetInt32());

        Assert.AreEqual(200, (await s_host.PostAsync(path + "/priority", """{"priority":99}""", ApiHost.OperatorKey)).Status);
        var job = (await s_host.GetAsync(path, ApiHost.ViewerKey)).Json;
        Assert.AreEqual((99, 0), (job.GetProperty("priority").GetInt32(), job.GetProperty("ahead").GetInt32()));
        Assert.Contains("priority", (await s_host.PostAsync(path + "/priority", "{}", ApiHost.OperatorKey)).Text, StringComparison.Ordinal);
        Assert.AreEqual(400, (await s_host.PostAsync(path + "/priority", """{"priority":100000}""", ApiHost.OperatorKey)).Status);
        Assert.AreEqual(404, (await s_host.PostAsync("/api/v1/jobs/4711/priority", """{"priority":1}""", ApiHost.OperatorKey)).Status);
    }

    private static Task<Answer> PostAsync(string json) => s_host.PostAsync("/api/v1/pauses", json, ApiHost.OperatorKey);

    private static Task<T?> ScalarAsync<T>(string sql) => s_database.Database.QueryFirstAsync<T>(sql, null, CancellationToken.None);
}
