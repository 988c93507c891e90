using System.Text.Json;
using System.Text.Json.Nodes;
using Harmony.Sandbox.Catalog;
using Harmony.Tests.Http;
using Harmony.Tests.Postgres;
using Harmony.Tests.Providers;

namespace Harmony.Tests.Walks;

/// <summary>Artists as callers of the API meet them, with a worker and the sandbox's Spotify behind it.</summary>
[TestClass]
public sealed class ArtistsOverHttpTests
{
    private const string Key = $"spotify:{SandboxCatalog.LongDiscographyArtistId}";
    private const string Admin = $"/admin/artists/{Key}";

    public required TestContext TestContext { get; set; }

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestMethod]
    [Timeout(300_000, CooperativeCancellation = true)]
    public async Task Fifty_callers_of_two_processes_get_one_job()
    {
        await using var place = await WalkPlace.CreateAsync(Ct);
        place.Environment["WATCHLIST_TIMER_ENABLED"] = "false";
        await using var one = HarmonyProcess.Start(place, "api");
        await using var two = HarmonyProcess.Start(place, "api");
        await Task.WhenAll(one.ReadyAsync(), two.ReadyAsync());
        async Task<JsonElement> AskAsync(HarmonyProcess node)
        {
            using var answer = await node.PostAsync($"/api/v1/artists/{Key}/enqueue-sync", new { });
            Assert.AreEqual(202, (int)answer.StatusCode);
            return JsonElement.Parse(await answer.Content.ReadAsStringAsync(Ct));
        }

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => AskAsync(i % 2 == 0 ? one : two)));
        var job = answers.Select(a => a.GetProperty("job_id").GetInt64()).Distinct().Single();
        Assert.AreEqual(49, answers.Count(a => a.GetProperty("already_enqueued").GetBoolean()));
        Assert.AreEqual(1L, await place.ScalarAsync<long>("select count(*) from harmony.job where kind = 'artist_sync'"));

        await using var worker = HarmonyProcess.Start(place, "worker");
        await place.UntilAsync<string>($"select state from harmony.job where job_id = {job}", s => s == "Succeeded", 120);
        var again = await AskAsync(one);
        Assert.IsFalse(again.GetProperty("already_enqueued").GetBoolean());
        Assert.AreNotEqual(job, again.GetProperty("job_id").GetInt64());
    }

    [TestMethod]
    [Timeout(300_000, CooperativeCancellation = true)]
    public async Task A_retry_after_of_one_day_survives_a_restart()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var sandbox = await SandboxRig.StartAsync(Ct);
        Task<string> FilesAsync() => ScalarAsync<string>(database, "select concat_ws(' of ', count(*) filter (where stage = 'done'), count(*)) from public.downloads");
        long job;
        long wanted;
        await using (var host = await StartAsync(database, sandbox, "api,worker", [.. Others(sandbox), ("ORCH_POOL_DOWNLOAD", "0")]))
        {
            var watched = await host.PostAsync("/api/v1/watchlist", $$"""{"artist_key":"spotify:{{SandboxCatalog.WatchedArtistIds[1]}}","backlog":"all"}""", ApiHost.OperatorKey);
            Assert.AreEqual(201, watched.Status, watched.Text);
            await Until.SeenAsync(() => ScalarAsync<long>(database, "select count(*) from harmony.job where kind = 'artist_scan' and state = 'Succeeded'"), n => n == 1);
            wanted = await ScalarAsync<long>(database, "select count(*) from public.downloads");

            await sandbox.FaultAsync(sandbox.Host.SpotifyUrl, new JsonObject { ["kind"] = "status", ["match"] = "GET /v1/**", ["code"] = 429, ["retryAfter"] = "86400" });
            job = (await EnqueueAsync(host)).GetProperty("job_id").GetInt64();
            await Until.SeenAsync(() => ScalarAsync<string>(database, "select coalesce(max(state), '') from harmony.provider_gate where provider = 'spotify'"), s => s == "open");
            await Until.SeenAsync(() => ScalarAsync<long>(database, "select count(*) from harmony.job where state = 'Processing'"), n => n == 0);
        }

        Assert.AreEqual(1L, await ScalarAsync<long>(database, $"select count(*) from harmony.job where job_id = {job} and state = 'Scheduled' and due_at > harmony.now() + interval '23 hours'"));
        Assert.IsGreaterThan(0, wanted);
        Assert.AreEqual($"0 of {wanted}", await FilesAsync());
        await sandbox.FaultAsync(sandbox.Host.SpotifyUrl);
        var calls = await CallsAsync(sandbox);
        await using var next = await StartAsync(database, sandbox, "api,worker", Others(sandbox));
        Assert.AreEqual(202, (await next.PostAsync($"/api/v1/artists/spotify:{SandboxCatalog.WatchedArtistIds[0]}/enqueue-sync", null, ApiHost.OperatorKey)).Status);
        var preview = await next.PostAsync($"{Admin}/reconcile", null, ApiHost.AdminKey);
        Assert.AreEqual("DEPENDENCY_ERROR", preview.Code);
        Assert.AreEqual(503, preview.Status);
        Assert.IsInRange(85_000, 86_400, int.Parse(preview.Headers["Retry-After"], System.Globalization.CultureInfo.InvariantCulture));

        // The others go on: what is wanted is searched, fetched and shelved, with its cover. Only what Spotify alone knows waits, and costs no attempt.
        await Until.SeenAsync(FilesAsync, s => s == $"{wanted} of {wanted}", TimeSpan.FromSeconds(90));
        await Until.SeenAsync(() => ScalarAsync<long>(database, "select count(*) from harmony.job where kind = 'artwork' and state = 'Succeeded'"), n => n == wanted, TimeSpan.FromSeconds(120));
        await Until.SeenAsync(() => ScalarAsync<long>(database, "select count(*) from harmony.job where state = 'Processing' and kind <> 'transfer_poll'"), n => n == 0);
        Assert.AreEqual(wanted, await ScalarAsync<long>(database, "select count(*) from harmony.job where kind = 'metadata' and state in ('Enqueued', 'Scheduled') and attempts = 0"));

        Assert.AreEqual(calls, await CallsAsync(sandbox), "nobody called");
        Assert.AreEqual(0L, await ScalarAsync<long>(database, "select count(*) from harmony.job where kind = 'artist_sync' and (state = 'Succeeded' or attempts > 0)"));
        var gate = (await next.GetAsync("/api/v1/gates", ApiHost.ViewerKey)).Json.GetProperty("items").EnumerateArray().Single(g => g.GetProperty("provider").GetString() == "spotify");
        Assert.IsGreaterThan(TimeProvider.System.GetUtcNow().AddHours(23), gate.GetProperty("blocked_until").GetDateTimeOffset());
        var page = (await next.GetAsync("/ui", ApiHost.ViewerKey)).Text;
        Assert.Contains("spotify", page, StringComparison.Ordinal);
        Assert.Contains(gate.GetProperty("blocked_until").GetDateTimeOffset().ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), page, StringComparison.Ordinal);

        // A person who knows better opens it again, and what waited goes on.
        Assert.AreEqual(204, (await next.PostAsync("/api/v1/gates/spotify/reset", null, ApiHost.OperatorKey)).Status);
        await EndedAsync(database, job);
        await Until.SeenAsync(() => ScalarAsync<long>(database, "select count(*) from harmony.job where kind = 'metadata' and state = 'Succeeded'"), n => n == wanted, TimeSpan.FromSeconds(120));
    }

    [TestMethod]
    [Timeout(300_000, CooperativeCancellation = true)]
    public async Task A_permanent_outage_spends_all_retries_with_jitter()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var sandbox = await SandboxRig.StartAsync(Ct);
        await sandbox.FaultAsync(sandbox.Host.SpotifyUrl, new JsonObject { ["kind"] = "status", ["match"] = "GET /v1/**", ["code"] = 503 });
        await using var host = await StartAsync(
            database,
            sandbox,
            "api,worker",
            ("RETRY_ARTIST_SYNC_MAX_ATTEMPTS", "6"),
            ("RETRY_ARTIST_SYNC_BASE_SECONDS", "100"),
            ("RETRY_ARTIST_SYNC_JITTER_PCT", "0.5"),
            ("ORCH_POLL_INTERVAL_MAX_MS", "200"));
        var job = (await EnqueueAsync(host)).GetProperty("job_id").GetInt64();
        List<double> spread = [];
        var passed = TimeSpan.Zero;
        Task ShiftAsync(TimeSpan by) => database.Database.ExecuteAsync("select harmony.shift_clock(@passed)", new { passed = passed += by }, Ct);
        for (var failures = 1; failures <= 6; failures++)
        {
            await Until.SeenAsync(() => ScalarAsync<string>(database, $"select concat(state, attempts) from harmony.job where job_id = {job}"), s => s == $"Scheduled{failures}");
            var delay = await ScalarAsync<double>(
                database,
                $"select extract(epoch from l.due_at - e.at)::float8 from harmony.job l join harmony.job_event e on e.job_id = l.job_id and e.to_state = 'Scheduled' where l.job_id = {job} order by e.event_id desc limit 1");
            spread.Add(delay / (100 * Math.Pow(2, failures - 1)));
            // From the fifth failure on its gate is closed, for a minute: the next try is later than that, and is the one that looks whether it is back.
            Assert.AreEqual(failures < 5 ? "closed" : "open", await ScalarAsync<string>(database, "select state from harmony.provider_gate where provider = 'spotify'"));
            await ShiftAsync(TimeSpan.FromSeconds(delay));
        }

        Assert.IsTrue(spread.TrueForAll(s => s is > 0.49 and < 1.51), string.Join(' ', spread));
        Assert.IsGreaterThan(0.05, spread.Max() - spread.Min(), "jitter");
        await Until.SeenAsync(() => ScalarAsync<string>(database, $"select concat_ws(' ', state, attempts, reason_code) from harmony.job where job_id = {job}"), s => s == "Failed 7 provider_unavailable");
        Assert.AreEqual(7L, await CallsAsync(sandbox), "each try is one call");

        await sandbox.FaultAsync(sandbox.Host.SpotifyUrl);
        var requeued = (await host.PostAsync("/api/v1/dlq/requeue", """{"reason":"provider_unavailable"}""", ApiHost.AdminKey)).Json;
        Assert.AreEqual(job, requeued.GetProperty("data").GetProperty("requeued").EnumerateArray().Single().GetInt64());
        await ShiftAsync(TimeSpan.FromSeconds(61));
        await EndedAsync(database, job);
    }

    [TestMethod]
    [Timeout(300_000, CooperativeCancellation = true)]
    public async Task Jobs_wait_without_attempts_for_a_valid_sign_in()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var sandbox = await SandboxRig.StartAsync(Ct);
        long job;
        await using (var host = await StartAsync(database, sandbox, "api,worker", ("SPOTIFY_REFRESH_TOKEN", "ended-long-ago")))
        {
            job = (await EnqueueAsync(host)).GetProperty("job_id").GetInt64();
            var waits = await Until.SeenAsync(
                () => ScalarAsync<string>(database, $"select concat_ws(' ', state, attempts, reason) from harmony.job where job_id = {job}"),
                s => s.StartsWith("Scheduled", StringComparison.Ordinal));
            Assert.StartsWith("Scheduled 0 ", waits, StringComparison.Ordinal, "no attempt is spent on it");
            Assert.Contains("login required", (await host.GetAsync("/ui", ApiHost.ViewerKey)).Text, StringComparison.Ordinal);
        }

        Assert.AreEqual(0L, await CallsAsync(sandbox));
        await using (await StartAsync(database, sandbox, "api,worker", ("SPOTIFY_REFRESH_TOKEN", "ended-as-well")))
            await Until.SeenAsync(() => TokensAsync(sandbox), n => n == 2);
        Assert.AreEqual("open", await ScalarAsync<string>(database, "select state from harmony.provider_gate where provider = 'spotify'"));

        await using (await StartAsync(database, sandbox, "api,worker", ("SPOTIFY_REFRESH_TOKEN", "sandbox-refresh-token-0001"), ("SPOTIFY_CLIENT_SECRET", "")))
            await EndedAsync(database, job);
        Assert.AreEqual("harmony", await ScalarAsync<string>(database, "select string_agg(actor, ' ') from harmony.operator_action where action = 'gate_reset'"), "once, by the one whose sign-in was accepted");
    }

    [TestMethod]
    [Timeout(300_000, CooperativeCancellation = true)]
    public async Task An_admin_compares_applies_and_audits_changes()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var sandbox = await SandboxRig.StartAsync(Ct);
        await using var host = await StartAsync(database, sandbox, "api,worker");

        var dry = (await host.PostAsync($"{Admin}/reconcile", null, ApiHost.AdminKey)).Json;
        Assert.IsTrue(dry.GetProperty("dryRun").GetBoolean(), "a dry run is what one gets without asking");
        Assert.AreEqual(120, dry.GetProperty("delta").GetProperty("summary").GetProperty("added").GetInt32());
        Assert.AreEqual(20, dry.GetProperty("delta").GetProperty("releases").GetProperty("added").GetArrayLength());
        Assert.IsTrue(dry.GetProperty("safety").GetProperty("stale").GetBoolean());
        Assert.AreEqual(0L, await ScalarAsync<long>(database, "select count(*) from public.artists"));

        var applied = await host.PostAsync($"{Admin}/reconcile?dry_run=false", null, ApiHost.AdminKey);
        var job = applied.Json.GetProperty("jobId").GetInt64();
        await EndedAsync(database, job);
        Assert.AreEqual(applied.Status == 200, applied.Json.GetProperty("applied").GetBoolean(), applied.Text);
        Assert.AreEqual(60, await ScalarAsync<int>(database, $"select priority from harmony.job where job_id = {job}"));

        List<long> ids = [];
        for (string? cursor = ""; cursor is not null;)
        {
            var page = (await host.GetAsync($"{Admin}/audit?limit=50{(cursor.Length == 0 ? "" : $"&cursor={cursor}")}", ApiHost.AdminKey)).Json;
            ids.AddRange(page.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("id").GetInt64()));
            cursor = page.GetProperty("nextCursor").GetString();
        }

        Assert.HasCount(121, ids);
        Assert.HasCount(121, ids.Distinct().ToList());
        Assert.IsTrue(ids.SequenceEqual(ids.OrderDescending()));

        Assert.AreEqual(200, (await host.GetAsync($"/api/v1/artists/{Key}", ApiHost.ViewerKey)).Status);
        Assert.IsTrue((await host.GetAsync($"/api/v1/artists/{Key}", ApiHost.ViewerKey)).Headers.ContainsKey("Age"));
        Assert.AreEqual(1, (await host.PostAsync($"{Admin}/invalidate", null, ApiHost.AdminKey)).Json.GetProperty("evicted").GetInt32());
        Assert.IsFalse((await host.GetAsync($"/api/v1/artists/{Key}", ApiHost.ViewerKey)).Headers.ContainsKey("Age"));

        dry = (await host.PostAsync($"{Admin}/reconcile?dry_run=true", null, ApiHost.AdminKey)).Json;
        Assert.AreEqual(0, dry.GetProperty("delta").GetProperty("summary").GetProperty("added").GetInt32());
        Assert.IsFalse(dry.GetProperty("safety").GetProperty("stale").GetBoolean());
        Assert.AreEqual("cursor", (await host.GetAsync($"{Admin}/audit?cursor=x", ApiHost.AdminKey)).Field);
        Assert.AreEqual("key", (await host.PostAsync("/admin/artists/tidal:1/resync", null, ApiHost.AdminKey)).Field);
        Assert.AreEqual(404, (await host.PostAsync("/admin/artists/spotify:0000000000000000000000/reconcile", null, ApiHost.AdminKey)).Status);
        Assert.AreEqual(403, (await host.PostAsync($"{Admin}/resync", null, ApiHost.OperatorKey)).Status);

        // Nobody is to write beside a job, nor over and over what always fails.
        await sandbox.FaultAsync(sandbox.Host.SpotifyUrl, new JsonObject { ["kind"] = "slow", ["match"] = "GET /v1/artists/*", ["delayMs"] = 3000, ["times"] = 1 });
        var resync = await host.PostAsync($"{Admin}/resync", null, ApiHost.AdminKey);
        Assert.AreEqual((202, 60), (resync.Status, resync.Json.GetProperty("priority").GetInt32()));
        job = resync.Json.GetProperty("jobId").GetInt64();
        await Until.SeenAsync(() => ScalarAsync<string>(database, $"select state from harmony.job where job_id = {job}"), s => s == "Processing");
        Assert.AreEqual("RESOURCE_LOCKED", (await host.PostAsync($"{Admin}/reconcile?dry_run=false", null, ApiHost.AdminKey)).Code);
        await EndedAsync(database, job);

        await sandbox.FaultAsync(sandbox.Host.SpotifyUrl, new JsonObject { ["kind"] = "html", ["match"] = "GET /v1/artists/*" });
        job = (await host.PostAsync($"{Admin}/resync", null, ApiHost.AdminKey)).Json.GetProperty("jobId").GetInt64();
        await Until.SeenAsync(() => ScalarAsync<string>(database, $"select state || attempts from harmony.job where job_id = {job}"), s => s == "Scheduled1");
        Assert.AreEqual("RATE_LIMITED", (await host.PostAsync($"{Admin}/resync", null, ApiHost.AdminKey)).Code);
        Assert.AreEqual(502, (await host.PostAsync($"{Admin}/reconcile", null, ApiHost.AdminKey)).Status);
    }

    [TestMethod]
    public async Task A_dry_run_tick_lists_jobs_and_reasons_only()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var sandbox = await SandboxRig.StartAsync(Ct);
        await using var host = await StartAsync(database, sandbox, "api");
        string[] keys = [.. SandboxCatalog.WatchedArtistIds.Take(3).Select(id => $"spotify:{id}")];
        foreach (var watched in keys.Take(2))
            Assert.AreEqual(201, (await host.PostAsync("/api/v1/watchlist", $$"""{"artist_key":"{{watched}}","priority":3}""", ApiHost.OperatorKey)).Status);
        Assert.AreEqual(201, (await host.PostAsync("/api/v1/artists/watchlist", $$"""{"artist_key":"{{keys[2]}}"}""", ApiHost.OperatorKey)).Status);
        Assert.AreEqual(200, (await host.PostAsync($"/api/v1/watchlist/{keys[1]}/pause", """{"reason":"on tour"}""", ApiHost.OperatorKey)).Status);
        // Who was added a moment ago has a look coming already.
        await database.Database.ExecuteAsync("update public.watchlist_artists set last_enqueued_at = null, last_checked = null", null, Ct);
        var before = await ScalarAsync<long>(database, "select count(*) from harmony.job");

        var answer = (await host.GetAsync("/api/v1/watchlist/tick", ApiHost.ViewerKey)).Json;

        CollectionAssert.AreEqual(
            new[] { $"{keys[0]} artist_refresh 0", $"{keys[2]} artist_sync " },
            answer.GetProperty("fetch").EnumerateArray().Select(f => $"{f.GetProperty("artist_key")} {f.GetProperty("kind")} {f.GetProperty("missing_tracks")}").ToArray());
        Assert.AreEqual($"{keys[1]} paused", answer.GetProperty("leave").EnumerateArray().Select(f => $"{f.GetProperty("artist_key")} {f.GetProperty("why")}").Single());
        var page = (await host.GetAsync("/ui/watchlist?look=1", ApiHost.ViewerKey)).Text;
        Assert.Contains("The next tick would fetch 2 and skip 1", page, StringComparison.Ordinal);
        Assert.Contains("the whole artist, metadata only", page, StringComparison.Ordinal);
        Assert.AreEqual(before, await ScalarAsync<long>(database, "select count(*) from harmony.job"));
        Assert.AreEqual(0L, await CallsAsync(sandbox));
    }

    [TestMethod]
    public async Task Admin_routes_exist_only_when_enabled()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var host = await ApiHost.StartAsync(database, ("HARMONY_API_KEYS", ApiHost.Keys));

        Assert.AreEqual(404, (await host.PostAsync($"{Admin}/reconcile", null, ApiHost.AdminKey)).Status);
    }

    [TestMethod]
    public async Task Every_documented_example_matches_its_schema()
    {
        await using var host = await ApiHost.StartAsync(null, ("FEATURE_ADMIN_API", "true"));
        var description = (await host.GetAsync("/api/v1/openapi.json")).Json;
        List<string> wrong = [];
        var shown = 0;
        foreach (var path in description.GetProperty("paths").EnumerateObject().Where(p => p.Name.Contains("/artists", StringComparison.Ordinal) || p.Name.Contains("/watchlist", StringComparison.Ordinal)))
        {
            foreach (var call in path.Value.EnumerateObject())
            {
                var bodies = call.Value.GetProperty("responses").EnumerateObject().Where(r => r.Name.StartsWith('2')).Select(r => r.Value);
                if (call.Value.TryGetProperty("requestBody", out var request))
                    bodies = bodies.Append(request);
                foreach (var media in bodies.Where(b => b.TryGetProperty("content", out _)).Select(b => b.GetProperty("content").GetProperty("application/json")))
                {
                    shown++;
                    if (media.TryGetProperty("example", out var example))
                        Compare(description, media.GetProperty("schema"), example, $"{call.Name} {path.Name}", wrong);
                    else
                        wrong.Add($"{call.Name} {path.Name} has no example");
                }
            }
        }

        Assert.IsGreaterThanOrEqualTo(18, shown);
        Assert.IsEmpty(wrong, string.Join('\n', wrong));
    }

    // The names of an example are those of the schema, no more and no fewer.
    private static void Compare(JsonElement description, JsonElement schema, JsonElement example, string at, List<string> wrong)
    {
        if (schema.TryGetProperty("oneOf", out var either))
            schema = either.EnumerateArray().First(e => e.TryGetProperty("$ref", out _));
        if (schema.TryGetProperty("$ref", out var named))
            schema = description.GetProperty("components").GetProperty("schemas").GetProperty(named.GetString()!["#/components/schemas/".Length..]);
        if (example.ValueKind == JsonValueKind.Array && schema.TryGetProperty("items", out var items))
        {
            foreach (var one in example.EnumerateArray())
                Compare(description, items, one, at + "[]", wrong);
        }
        else if (example.ValueKind == JsonValueKind.Object && schema.TryGetProperty("properties", out var properties))
        {
            var (has, wants) = (example.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal), properties.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal));
            if (!has.SequenceEqual(wants))
                wrong.Add($"{at}: {string.Join(' ', has)} is not {string.Join(' ', wants)}");
            foreach (var property in example.EnumerateObject().Where(p => properties.TryGetProperty(p.Name, out _)))
                Compare(description, properties.GetProperty(property.Name), property.Value, $"{at}.{property.Name}", wrong);
        }
    }

    private static Task<ApiHost> StartAsync(
        TestDatabase database, SandboxRig sandbox, string roles, params (string Name, string Value)[] more) => ApiHost.StartAsync(
        database,
        [
            ("HARMONY_ROLES", roles),
            ("HARMONY_API_KEYS", ApiHost.Keys),
            ("FEATURE_ADMIN_API", "true"),
            ("ARTIST_RETRY_BUDGET_MAX", "1"),
            ("RETRY_BASE_SECONDS", "600"),
            ("WATCHLIST_TIMER_ENABLED", "false"),
            ("SPOTIFY_CLIENT_ID", "sandbox"),
            ("SPOTIFY_CLIENT_SECRET", "sandbox"),
            ("SPOTIFY_API_BASE_URL", sandbox.Host.SpotifyApiUrl),
            ("SPOTIFY_ACCOUNTS_BASE_URL", sandbox.Host.SpotifyUrl),
            ("DOWNLOADS_DIR", sandbox.Host.DownloadsDirectory),
            ("MUSIC_DIR", sandbox.Host.DownloadsDirectory),
            .. more,
        ]);

    [TestMethod]
    [Timeout(300_000, CooperativeCancellation = true)]
    public async Task A_resync_never_lowers_the_priority()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var sandbox = await SandboxRig.StartAsync(Ct);
        await using var host = await StartAsync(database, sandbox, "api");
        var job = (await EnqueueAsync(host)).GetProperty("job_id").GetInt64();
        Task<int> PriorityAsync() => ScalarAsync<int>(database, $"select priority from harmony.job where job_id = {job}");

        Assert.AreEqual(60, (await host.PostAsync($"{Admin}/resync", null, ApiHost.AdminKey)).Json.GetProperty("priority").GetInt32());
        Assert.AreEqual(60, await PriorityAsync(), "moved up");
        Assert.AreEqual(200, (await host.PostAsync($"/api/v1/jobs/{job}/priority", """{"priority":200}""", ApiHost.OperatorKey)).Status);
        Assert.AreEqual(202, (await host.PostAsync($"{Admin}/resync", null, ApiHost.AdminKey)).Status);
        Assert.AreEqual(200, await PriorityAsync(), "and never down");

        var far = await host.PostAsync("/api/v1/watchlist", $$"""{"artist_key":"{{Key}}","priority":2000000000}""", ApiHost.OperatorKey);
        Assert.AreEqual((422, "priority"), (far.Status, far.Field));
        far = await host.PostAsync("/api/v1/artists/watchlist", $$"""{"artist_key":"{{Key}}","priority":-2000000000}""", ApiHost.OperatorKey);
        Assert.AreEqual((400, "priority"), (far.Status, far.Field));
        Assert.AreEqual(201, (await host.PostAsync("/api/v1/watchlist", $$"""{"artist_key":"{{Key}}","priority":1000000}""", ApiHost.OperatorKey)).Status);
        far = await host.SendAsync(HttpMethod.Patch, $"/api/v1/watchlist/{Key}", ApiHost.OperatorKey, new StringContent("""{"priority":1000001}""", System.Text.Encoding.UTF8, "application/json"));
        Assert.AreEqual((400, "priority"), (far.Status, far.Field));
        Assert.AreEqual(1_000_000, await ScalarAsync<int>(database, "select priority from public.watchlist_artists"));
    }

    [TestMethod]
    [Timeout(300_000, CooperativeCancellation = true)]
    public async Task A_committed_sync_updates_the_cache_of_every_process()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var sandbox = await SandboxRig.StartAsync(Ct);
        await using var one = await StartAsync(database, sandbox, "api,worker");
        await using var two = await StartAsync(database, sandbox, "api", ("CACHE_DEFAULT_TTL_S", "3600"));
        Assert.AreEqual(404, (await two.GetAsync($"/api/v1/artists/{Key}", ApiHost.ViewerKey)).Status);
        async Task SyncAsync(string status)
        {
            var job = (await EnqueueAsync(one)).GetProperty("job_id").GetInt64();
            await EndedAsync(database, job);
            Assert.AreEqual(status, (await one.GetAsync($"/api/v1/jobs/{job}", ApiHost.OperatorKey)).Json.GetProperty("result").GetProperty("status").GetString());
        }

        // What each process answers once it has heard; and who has that answer already gets none.
        async Task<string> TagAsync(int version)
        {
            List<string> tags = [];
            foreach (var node in new[] { one, two })
            {
                var answer = await Until.SeenAsync(
                    () => node.GetAsync($"/api/v1/artists/{Key}", ApiHost.ViewerKey), a => a.Status == 200 && a.Json.GetProperty("version").GetInt32() == version);
                Assert.HasCount(120, answer.Json.GetProperty("releases").EnumerateArray().ToList());
                tags.Add(answer.Headers["ETag"]);
                var again = await node.GetAsync($"/api/v1/artists/{Key}", ApiHost.ViewerKey, ("If-None-Match", tags[^1]));
                Assert.AreEqual((304, ""), (again.Status, again.Text));
            }

            return tags.Distinct().Single();
        }

        await SyncAsync("ok");
        var first = await TagAsync(1);
        await SyncAsync("noop");
        Assert.AreEqual(first, await TagAsync(1));

        await sandbox.NewsAsync([], (sandbox.Host.Catalog.Artist(SandboxCatalog.LongDiscographyArtistId)!.Releases[3].Id, "Another Title Altogether"));
        var kept = await two.GetAsync($"/api/v1/artists/{Key}", ApiHost.ViewerKey);
        Assert.AreEqual(first, kept.Headers["ETag"], "nothing is committed yet");
        Assert.IsTrue(kept.Headers.ContainsKey("Age"), "kept for an hour");
        await SyncAsync("ok");
        var second = await TagAsync(2);
        Assert.AreNotEqual(first, second);
        var stale = await two.GetAsync($"/api/v1/artists/{Key}", ApiHost.ViewerKey, ("If-None-Match", first));
        Assert.AreEqual((200, second), (stale.Status, stale.Headers["ETag"]));
        Assert.Contains("Another Title Altogether", stale.Text, StringComparison.Ordinal);
        Assert.AreEqual(1L, await ScalarAsync<long>(database, "select count(*) from public.artist_audit where event = 'updated'"));
    }

    // Every provider but Spotify, and a shelf.
    private static (string Name, string Value)[] Others(SandboxRig sandbox)
    {
        var shelf = Path.Combine(Path.GetDirectoryName(sandbox.Host.DownloadsDirectory)!, "music");
        Directory.CreateDirectory(shelf);
        return
        [
            ("MUSIC_DIR", shelf),
            ("SLSKD_BASE_URL", sandbox.Host.SlskdUrl),
            ("SLSKD_API_KEY", Harmony.Sandbox.SandboxOptions.SlskdApiKey),
            ("LRCLIB_BASE_URL", sandbox.Host.LrclibUrl),
            ("LYRICS_OVH_BASE_URL", sandbox.Host.LrclibUrl),
            ("ARTWORK_ALLOW_PRIVATE", new Uri(sandbox.Host.ImagesUrl).Authority),
            ("ENABLE_ARTWORK", "true"),
            ("ENABLE_LYRICS", "true"),
        ];
    }

    private static async Task<JsonElement> EnqueueAsync(ApiHost host)
    {
        var answer = await host.PostAsync($"/api/v1/artists/{Key}/enqueue-sync", null, ApiHost.OperatorKey);
        Assert.AreEqual(202, answer.Status, answer.Text);
        return answer.Json;
    }

    private static Task<string> EndedAsync(TestDatabase database, long job) => Until.SeenAsync(
        () => ScalarAsync<string>(database, $"select concat_ws(' ', state, reason, last_error) from harmony.job where job_id = {job}"),
        s => s.StartsWith("Succeeded", StringComparison.Ordinal),
        TimeSpan.FromSeconds(120));

    private static async Task<T> ScalarAsync<T>(TestDatabase database, string sql) => (await database.Database.QueryFirstAsync<T>(sql, null, CancellationToken.None))!;

    private static Task<long> CallsAsync(SandboxRig sandbox) => AskedAsync(sandbox, "/v1/");

    private static Task<long> TokensAsync(SandboxRig sandbox) => AskedAsync(sandbox, "/api/token");

    private static async Task<long> AskedAsync(SandboxRig sandbox, string path)
    {
        var (_, body) = await sandbox.JsonAsync(HttpMethod.Get, sandbox.Host.SpotifyUrl + "/_sandbox/counters");
        return body!["requests"]!.AsObject().Where(r => r.Key.Contains(path, StringComparison.Ordinal)).Sum(r => r.Value!.GetValue<long>());
    }
}
