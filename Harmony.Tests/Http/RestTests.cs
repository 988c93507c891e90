using System.Text.Json;
using Harmony.Tests.Postgres;

namespace Harmony.Tests.Http;

/// <summary>The REST API on a real database, without a job server: what it takes in and shows.</summary>
[TestClass]
public sealed class RestTests
{
    private const string Artist = "spotify:4mMarbleHarbour0000001";
    private static TestDatabase _database = null!;
    private static ApiHost _host = null!;

    [ClassInitialize]
    public static async Task StartAsync(TestContext context)
    {
        _database = await TestDatabase.CreateAsync();
        _host = await ApiHost.StartAsync(
            _database, ("HARMONY_API_KEYS", ApiHost.Keys), ("SPOTIFY_CLIENT_ID", "client"), ("SPOTIFY_CLIENT_SECRET", "client-secret-canary"), ("INGEST_MAX_PENDING_JOBS", "2"));
    }

    [ClassCleanup]
    public static async Task StopAsync()
    {
        await _host.DisposeAsync();
        await _database.DisposeAsync();
    }

    [TestMethod]
    public async Task Ready_shows_database_schema_and_servers()
    {
        var data = (await _host.GetAsync("/api/v1/ready")).Json.GetProperty("data");

        Assert.AreEqual("up", data.GetProperty("db").GetString());
        Assert.IsTrue(data.GetProperty("migrations").GetProperty("up_to_date").GetBoolean());
        Assert.AreEqual(0, data.GetProperty("orchestrator").GetProperty("servers").GetInt64());
    }

    [TestMethod]
    public async Task A_second_sync_of_an_artist_joins_the_first()
    {
        var first = await PostAsync($"/api/v1/artists/{Artist}/enqueue-sync", null);
        var second = await PostAsync($"/api/v1/artists/{Artist}/enqueue-sync", "{\"force\":true}");

        Assert.AreEqual(202, first.Status, first.Text);
        Assert.AreEqual("artist_sync", first.Json.GetProperty("job_type").GetString());
        Assert.AreEqual("Enqueued", first.Json.GetProperty("status").GetString());
        Assert.IsFalse(first.Json.GetProperty("already_enqueued").GetBoolean());
        Assert.IsTrue(second.Json.GetProperty("already_enqueued").GetBoolean());
        Assert.AreEqual(first.Json.GetProperty("job_id").GetInt64(), second.Json.GetProperty("job_id").GetInt64());
    }

    [TestMethod]
    public async Task Fifty_concurrent_syncs_are_one_job()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => PostAsync("/api/v1/artists/spotify:fiftyAtOnce/enqueue-sync", null)));

        Assert.HasCount(1, answers.Select(a => a.Json.GetProperty("job_id").GetInt64()).Distinct().ToList());
        Assert.AreEqual(49, answers.Count(a => a.Json.GetProperty("already_enqueued").GetBoolean()));
    }

    [TestMethod]
    public async Task An_unknown_artist_is_not_found()
    {
        Assert.AreEqual("NOT_FOUND", (await _host.GetAsync("/api/v1/artists/spotify:nobody", ApiHost.ViewerKey)).Code);
        Assert.AreEqual(400, (await PostAsync("/api/v1/artists/deezer:12/enqueue-sync", null)).Status);
    }

    [TestMethod]
    public async Task The_metadata_list_is_upserted()
    {
        var added = await PostAsync("/api/v1/artists/watchlist", "{\"artist_key\":\"spotify:listed\",\"priority\":7,\"cooldown_until\":\"2030-01-01T00:00:00Z\"}");
        var again = await PostAsync("/api/v1/artists/watchlist", "{\"artist_key\":\"spotify:listed\"}");

        Assert.AreEqual(201, added.Status, added.Text);
        Assert.AreEqual(7, added.Json.GetProperty("priority").GetInt32());
        Assert.AreEqual(0, again.Json.GetProperty("priority").GetInt32());
        Assert.AreEqual(JsonValueKind.Null, again.Json.GetProperty("cooldown_until").ValueKind);
        var list = (await _host.GetAsync("/api/v1/artists/watchlist?limit=1", ApiHost.ViewerKey)).Json;
        Assert.AreEqual(1, list.GetProperty("limit").GetInt32());
        Assert.AreEqual(204, (await _host.SendAsync(HttpMethod.Delete, "/api/v1/artists/watchlist/spotify:listed", ApiHost.OperatorKey, null)).Status);
        Assert.AreEqual(404, (await _host.SendAsync(HttpMethod.Delete, "/api/v1/artists/watchlist/spotify:listed", ApiHost.OperatorKey, null)).Status);
    }

    [TestMethod]
    public async Task A_watched_artist_is_paused_resumed_and_removed()
    {
        Assert.AreEqual(201, (await PostAsync("/api/v1/watchlist", "{\"artist_key\":\"spotify:watched\",\"priority\":3}")).Status);
        var twice = await PostAsync("/api/v1/watchlist", "{\"artist_key\":\"spotify:watched\"}");
        Assert.AreEqual(409, twice.Status);
        Assert.AreEqual("CONFLICT", twice.Code);
        Assert.AreEqual(422, (await PostAsync("/api/v1/watchlist", "{\"artist_key\":\"watched\"}")).Status);

        var paused = await PostAsync("/api/v1/watchlist/spotify:watched/pause", "{\"reason\":\"holiday\"}");
        Assert.IsTrue(paused.Json.GetProperty("paused").GetBoolean());
        Assert.AreEqual("holiday", paused.Json.GetProperty("pause_reason").GetString());
        Assert.IsFalse((await PostAsync("/api/v1/watchlist/spotify:watched/resume", null)).Json.GetProperty("paused").GetBoolean());

        using var patch = new StringContent("{\"priority\":9}", System.Text.Encoding.UTF8, "application/json");
        var changed = await _host.SendAsync(HttpMethod.Patch, "/api/v1/watchlist/spotify:watched", ApiHost.OperatorKey, patch);
        Assert.AreEqual(9, changed.Json.GetProperty("priority").GetInt32());
        Assert.AreEqual(204, (await _host.SendAsync(HttpMethod.Delete, "/api/v1/watchlist/spotify:watched", ApiHost.OperatorKey, null)).Status);
        Assert.AreEqual(404, (await PostAsync("/api/v1/watchlist/spotify:watched/pause", null)).Status);
    }

    [TestMethod]
    public async Task A_posted_list_counts_accepted_and_skipped_tracks()
    {
        var whole = await PostAsync("/api/v1/spotify/import/free", "{\"tracks\":[\"Ann - One (First) 3:21\"]}");
        Assert.AreEqual(202, whole.Status, whole.Text);
        var job = (await _host.GetAsync($"/api/v1/spotify/import/jobs/{whole.Json.GetProperty("job_id").GetString()}", ApiHost.ViewerKey)).Json.GetProperty("job");
        Assert.AreEqual(1, job.GetProperty("counts").GetProperty("normalized").GetInt64());

        var part = await PostAsync(
            "/api/v1/spotify/import/free",
            "{\"tracks\":[\"Ann - Two\",\"nonsense\"],\"playlist_links\":[\"https://open.spotify.com/playlist/37i9dQZF1DXcBWIGoYBM5M\"]}");
        Assert.AreEqual(207, part.Status, part.Text);
        Assert.AreEqual("PARTIAL_SUCCESS", part.Json.GetProperty("error").GetProperty("code").GetString());
        Assert.AreEqual(1, part.Json.GetProperty("accepted").GetProperty("tracks").GetInt32());
        Assert.AreEqual(1, part.Json.GetProperty("skipped").GetProperty("tracks").GetInt32());
        Assert.AreEqual(1, part.Json.GetProperty("skipped").GetProperty("playlists").GetInt32());

        var full = await PostAsync("/api/v1/spotify/import/free", "{\"tracks\":[\"Ann - Three\"]}");
        Assert.AreEqual(207, full.Status, full.Text);
        Assert.AreEqual("BACKPRESSURE", full.Json.GetProperty("error").GetProperty("code").GetString());
    }

    [TestMethod]
    [DataRow("{}", 400)]
    [DataRow("{\"tracks\":[null]}", 400)]
    [DataRow("{\"playlist_links\":[\"ftp://x\"]}", 400)]
    [DataRow("{\"tracks\":[\"A - B\"],\"batch_hint\":0}", 400)]
    public async Task An_empty_list_is_refused(string json, int status) =>
        Assert.AreEqual(status, (await PostAsync("/api/v1/spotify/import/free", json)).Status);

    [TestMethod]
    [DataRow("", "EMPTY")]
    [DataRow("x", "INVALID_SCHEME")]
    [DataRow("https://example.org/playlist/1", "UNSUPPORTED_HOST")]
    [DataRow("https://open.spotify.com/album/37i9dQZF1DXcBWIGoYBM5M", "NOT_A_PLAYLIST")]
    [DataRow("https://open.spotify.com/playlist/37i", "INVALID_PLAYLIST_ID")]
    public async Task An_invalid_playlist_link_is_refused_with_a_reason(string link, string reason)
    {
        var answer = await PostAsync("/api/v1/spotify/import/free", $"{{\"playlist_links\":[\"{link}\"]}}");

        Assert.AreEqual(reason, answer.Json.GetProperty("error").GetProperty("meta").GetProperty("details")[0].GetProperty("reason").GetString());
    }

    [TestMethod]
    public async Task A_backfill_creates_a_run_with_a_job()
    {
        var started = await PostAsync("/api/v1/spotify/backfill/run", "{\"max_items\":5}");
        Assert.AreEqual(202, started.Status, started.Text);
        var id = started.Json.GetProperty("job_id").GetString()!;

        Assert.AreEqual("queued", (await _host.GetAsync($"/api/v1/spotify/backfill/jobs/{id}", ApiHost.ViewerKey)).Json.GetProperty("state").GetString());
        Assert.Contains(id, (await _host.GetAsync("/api/v1/spotify/backfill/jobs", ApiHost.ViewerKey)).Text, StringComparison.Ordinal);
        Assert.Contains(id, (await _host.GetAsync("/api/v1/jobs?kind=backfill", ApiHost.ViewerKey)).Text.Length > 0 ? id : "", StringComparison.Ordinal);
        Assert.AreEqual(400, (await PostAsync("/api/v1/spotify/backfill/run", "{\"max_items\":10001}")).Status);
        Assert.AreEqual(404, (await _host.GetAsync("/api/v1/spotify/backfill/jobs/backfill_x", ApiHost.ViewerKey)).Status);
    }

    [TestMethod]
    public async Task Only_operator_kinds_can_be_started_by_hand()
    {
        Assert.AreEqual(202, (await PostAsync("/api/v1/jobs", "{\"kind\":\"noop\",\"args\":{\"n\":1}}")).Status);
        Assert.AreEqual("kind", (await PostAsync("/api/v1/jobs", "{\"kind\":\"System.Diagnostics.Process\"}")).Field);
        Assert.AreEqual("kind", (await PostAsync("/api/v1/jobs", "{\"kind\":\"transfer_poll\"}")).Field);
    }

    [TestMethod]
    public async Task A_job_shows_its_history_and_hides_its_secrets()
    {
        var id = (await PostAsync("/api/v1/jobs", "{\"kind\":\"noop\",\"args\":{\"n\":2,\"client_secret\":\"canary-in-args\",\"deep\":[{\"api_key\":\"canary-in-args\"}]}}"))
            .Json.GetProperty("job_id").GetInt64();

        var job = await _host.GetAsync($"/api/v1/jobs/{id}", ApiHost.OperatorKey);
        var less = await _host.GetAsync($"/api/v1/jobs/{id}", ApiHost.ViewerKey);

        Assert.AreEqual(200, job.Status, job.Text);
        Assert.AreEqual(2, job.Json.GetProperty("args").GetProperty("n").GetInt32());
        Assert.AreEqual(System.Text.Json.JsonValueKind.Null, less.Json.GetProperty("args").ValueKind);
        Assert.DoesNotContain("canary-in-args", job.Text, StringComparison.Ordinal);
        Assert.AreEqual("key:otto", job.Json.GetProperty("requested_by").GetString());
        var first = job.Json.GetProperty("history")[0];
        Assert.AreEqual("Enqueued", first.GetProperty("to_state").GetString());
        Assert.AreEqual("key:otto", first.GetProperty("actor").GetString());
    }

    [TestMethod]
    public async Task A_job_is_cancelled_once()
    {
        var id = (await PostAsync("/api/v1/jobs", "{\"kind\":\"noop\",\"args\":{\"n\":3}}")).Json.GetProperty("job_id").GetInt64();

        Assert.AreEqual(200, (await PostAsync($"/api/v1/jobs/{id}/cancel", null)).Status);
        Assert.AreEqual(409, (await PostAsync($"/api/v1/jobs/{id}/cancel", null)).Status);
        Assert.AreEqual(409, (await PostAsync($"/api/v1/jobs/{id}/requeue", null)).Status);
        Assert.AreEqual(404, (await PostAsync("/api/v1/jobs/999999999/cancel", null)).Status);
        Assert.AreEqual(404, (await PostAsync("/api/v1/jobs/999999999/requeue", null)).Status);
        Assert.AreEqual("Deleted", (await _host.GetAsync($"/api/v1/jobs/{id}", ApiHost.ViewerKey)).Json.GetProperty("status").GetString());
    }

    [TestMethod]
    public async Task Job_pages_have_no_gap_and_no_repetition()
    {
        for (var i = 0; i < 7; i++)
            await PostAsync("/api/v1/jobs", $"{{\"kind\":\"noop\",\"args\":{{\"n\":{i}}}}}");

        var seen = new List<long>();
        string? cursor = null;
        do
        {
            var page = (await _host.GetAsync($"/api/v1/jobs?kind=noop&limit=3{(cursor is null ? "" : $"&cursor={cursor}")}", ApiHost.ViewerKey)).Json;
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(j => j.GetProperty("id").GetInt64()));
            cursor = page.GetProperty("next_cursor").GetString();
        }
        while (cursor is not null);

        CollectionAssert.AreEqual(seen.OrderDescending().Distinct().ToList(), seen);
        Assert.IsGreaterThanOrEqualTo(7, seen.Count);
    }

    [TestMethod]
    [DataRow("'; drop table harmony.job; --")]
    [DataRow("<img onerror=alert(1)>")]
    public async Task Hostile_text_is_returned_as_text(string text)
    {
        var name = Uri.EscapeDataString(text);

        Assert.AreEqual(200, (await _host.GetAsync($"/api/v1/jobs?kind={name}", ApiHost.ViewerKey)).Status);
        Assert.AreEqual(200, (await _host.GetAsync($"/api/v1/dlq?reason={name}", ApiHost.ViewerKey)).Status);
        Assert.AreEqual(200, (await _host.GetAsync("/api/v1/jobs", ApiHost.ViewerKey)).Status);
    }

    [TestMethod]
    public async Task A_NUL_in_the_args_is_refused()
    {
        var answer = await PostAsync("/api/v1/jobs", "{\"kind\":\"noop\",\"args\":{\"n\":1,\"text\":\"a\\u0000b\"}}");

        Assert.AreEqual(400, answer.Status, answer.Text);
    }

    [TestMethod]
    public async Task No_answer_shows_a_secret()
    {
        foreach (var path in new[] { "/api/v1/status", "/metrics", "/api/v1/health/spotify", "/api/health/ready?verbose=1", "/api/v1/jobs", "/api/v1/openapi.json" })
        {
            var text = (await _host.GetAsync(path, ApiHost.AdminKey)).Text;
            Assert.DoesNotContain("client-secret-canary", text, StringComparison.Ordinal);
            Assert.DoesNotContain(ApiHost.AdminKey, text, StringComparison.Ordinal);
        }
    }

    [TestMethod]
    public async Task Described_parameters_have_their_wire_names()
    {
        using var description = JsonDocument.Parse((await _host.GetAsync("/api/v1/openapi.json", ApiHost.AdminKey)).Text);
        var names = description.RootElement.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject())
            .Where(operation => operation.Value.TryGetProperty("parameters", out _))
            .SelectMany(operation => operation.Value.GetProperty("parameters").EnumerateArray())
            .Where(parameter => parameter.GetProperty("in").GetString() != "header")
            .Select(parameter => parameter.GetProperty("name").GetString()!)
            .ToHashSet(StringComparer.Ordinal);

        Assert.Contains("page_size", names);
        Assert.AreEqual("", string.Join(", ", names.Where(n => n != n.ToLowerInvariant())));
    }

    [TestMethod]
    public async Task Prometheus_parses_the_metrics()
    {
        var text = (await _host.GetAsync("/api/v1/metrics", ApiHost.ViewerKey)).Text;

        Assert.Contains("harmony_database_up{} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("harmony_jobs{lane=\"operator\",state=\"waiting\"}", text, StringComparison.Ordinal);
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            Assert.MatchesRegex("^(# (HELP|TYPE) [a-z_0-9]+ .+|[a-z_][a-z_0-9]*(\\{.*\\})? -?[0-9.E+-]+)$", line);
    }

    private static Task<Answer> PostAsync(string path, string? json) => _host.PostAsync(path, json, ApiHost.OperatorKey);
}
