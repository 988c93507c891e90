using System.Text.Json.Nodes;
using Harmony.Sandbox.Catalog;

namespace Harmony.Tests.Providers;

[TestClass]
public sealed class SandboxFaultTests
{
    private static SandboxRig _rig = null!;
    private static List<JsonObject> _files = [];
    private static string _bearer = "";

    public TestContext TestContext { get; set; } = null!;

    private static string ArtistUrl => $"{_rig.Host.SpotifyApiUrl}/artists/{SandboxCatalog.WatchedArtistIds[0]}";

    [ClassInitialize]
    public static async Task StartAsync(TestContext context)
    {
        _rig = await SandboxRig.StartAsync(context.CancellationToken, speed: 20);
        _files = await _rig.FilesOfAsync("vinylbird");
        _bearer = await _rig.BearerAsync();
    }

    [ClassCleanup]
    public static async Task StopAsync() => await _rig.DisposeAsync();

    [TestInitialize]
    public async Task ForgetAsync()
    {
        await _rig.JsonAsync(HttpMethod.Post, _rig.Host.SlskdUrl + "/_sandbox/reset");
        await _rig.JsonAsync(HttpMethod.Post, _rig.Host.SpotifyUrl + "/_sandbox/reset");
    }

    [TestMethod]
    public async Task A_status_rule_applies_as_often_as_configured()
    {
        await SpotifyAsync(new JsonObject
        {
            ["match"] = "GET /v1/artists/*",
            ["times"] = 2,
            ["kind"] = "status",
            ["status"] = 429,
            ["retryAfter"] = "soon, maybe",
            ["body"] = "slow down",
            ["contentType"] = "text/html",
        });
        for (var i = 0; i < 2; i++)
        {
            using var refused = await GetAsync();
            Assert.AreEqual(429, (int)refused.StatusCode);
            Assert.AreEqual("soon, maybe", refused.Headers.NonValidated["Retry-After"].ToString());
            Assert.AreEqual("slow down", await refused.Content.ReadAsStringAsync(TestContext.CancellationToken));
        }
        using var fine = await GetAsync();
        Assert.AreEqual(200, (int)fine.StatusCode);
        var (_, counters) = await _rig.JsonAsync(HttpMethod.Get, _rig.Host.SpotifyUrl + "/sandbox/counters");
        Assert.AreEqual(3, (int)counters!["requests"]!["GET /v1/artists/{id}"]!);
    }

    [TestMethod]
    [DataRow(429, "0")]
    [DataRow(429, "86400")]
    [DataRow(429, "-1")]
    [DataRow(429, "Fri, 31 Dec 2027 23:59:59 GMT")]
    [DataRow(429, null)]
    [DataRow(500, null)]
    [DataRow(502, null)]
    [DataRow(503, "30")]
    public async Task A_refusal_has_the_configured_retry_after(int status, string? retryAfter)
    {
        await SpotifyAsync(new JsonObject { ["match"] = "GET /v1/**", ["times"] = 1, ["kind"] = "status", ["status"] = status, ["retryAfter"] = retryAfter });
        using var refused = await GetAsync();
        Assert.AreEqual(status, (int)refused.StatusCode);
        Assert.AreEqual(retryAfter ?? "", refused.Headers.NonValidated.TryGetValues("Retry-After", out var values) ? values.ToString() : "");
        using var fine = await GetAsync();
        Assert.AreEqual(200, (int)fine.StatusCode);
    }

    [TestMethod]
    public async Task Releases_can_vanish_or_be_renamed_until_a_reset()
    {
        var (gone, renamed) = (_rig.Host.Catalog.First.Artists[0].Releases[0], _rig.Host.Catalog.First.Artists[0].Releases[1]);
        await _rig.JsonAsync(
            HttpMethod.Post,
            _rig.Host.SpotifyUrl + "/_sandbox/catalogue",
            new JsonObject { ["gone"] = new JsonArray(gone.Id), ["titles"] = new JsonObject { [renamed.Id] = "Quite Another Title" } });

        foreach (var path in new[] { $"/albums/{gone.Id}", $"/albums/{gone.Id}/tracks", $"/tracks/{gone.Tracks[0].Id}" })
            Assert.AreEqual(404, (await _rig.JsonAsync(HttpMethod.Get, _rig.Host.SpotifyApiUrl + path, bearer: _bearer)).Status, path);
        var listed = (await _rig.SpotifyAsync($"/artists/{SandboxCatalog.WatchedArtistIds[0]}/albums"))["items"]!.AsArray().ToDictionary(item => (string)item!["id"]!, item => (string)item!["name"]!);
        Assert.IsFalse(listed.ContainsKey(gone.Id));
        Assert.AreEqual("Quite Another Title", listed[renamed.Id]);
        Assert.AreEqual("Quite Another Title", (string)(await _rig.SpotifyAsync($"/albums/{renamed.Id}"))["name"]!);
        Assert.AreEqual("Quite Another Title", (string)(await _rig.SpotifyAsync($"/tracks/{renamed.Tracks[0].Id}"))["album"]!["name"]!);
        Assert.AreEqual(renamed.Id, (string)(await _rig.SpotifyAsync("/search?type=album&q=quite%20another"))["albums"]!["items"]![0]!["id"]!);
        Assert.AreEqual(0, (int)(await _rig.SpotifyAsync($"/search?type=track&q=isrc:{gone.Tracks[0].Isrc}"))["tracks"]!["total"]!);

        await ForgetAsync();
        Assert.AreEqual(gone.Title, (string)(await _rig.SpotifyAsync($"/albums/{gone.Id}"))["name"]!);
    }

    [TestMethod]
    public async Task Each_Spotify_endpoint_has_its_own_counter()
    {
        var release = _rig.Host.Catalog.First.Releases[0];
        await SpotifyAsync(new JsonObject { ["match"] = "GET /v1/albums/*", ["kind"] = "status", ["status"] = 500, ["times"] = 1 });
        foreach (var path in new[]
        {
            "/me", $"/artists/{SandboxCatalog.WatchedArtistIds[0]}", $"/artists/{SandboxCatalog.WatchedArtistIds[1]}/albums", $"/albums/{release.Id}", $"/albums/{release.Id}",
            $"/albums/{release.Id}/tracks", $"/tracks/{release.Tracks[0].Id}", "/search?type=track&q=x", "/recommendations", "/nothing/here",
        })
        {
            using var answer = await _rig.SendAsync(HttpMethod.Get, _rig.Host.SpotifyApiUrl + path, bearer: _bearer);
        }
        await _rig.BearerAsync();

        var (_, counters) = await _rig.JsonAsync(HttpMethod.Get, _rig.Host.SpotifyUrl + "/_sandbox/counters");
        CollectionAssert.AreEquivalent(
            new[]
            {
                "GET /v1/me 1", "GET /v1/artists/{id} 1", "GET /v1/artists/{id}/albums 1", "GET /v1/albums/{id} 2", "GET /v1/albums/{id}/tracks 1", "GET /v1/tracks/{id} 1",
                "GET /v1/search 1", "GET /v1/recommendations 1", "GET {*path:nonfile} 1", "POST /api/token 1",
            },
            counters!["requests"]!.AsObject().Select(count => $"{count.Key} {count.Value}").ToArray());
        await _rig.JsonAsync(HttpMethod.Post, _rig.Host.SpotifyUrl + "/_sandbox/counters");
        Assert.IsEmpty((await _rig.JsonAsync(HttpMethod.Get, _rig.Host.SpotifyUrl + "/_sandbox/counters")).Body!["requests"]!.AsObject());
    }

    [TestMethod]
    public async Task A_wildcard_matches_one_segment_and_skip_delays_faults()
    {
        await SpotifyAsync(new JsonObject { ["match"] = "GET /v1/artists/*", ["kind"] = "status", ["status"] = 500, ["skip"] = 1 });
        Assert.AreEqual(200, (await _rig.JsonAsync(HttpMethod.Get, ArtistUrl + "/albums", bearer: _bearer)).Status);
        using var first = await GetAsync();
        using var second = await GetAsync();
        Assert.AreEqual(200, (int)first.StatusCode);
        Assert.AreEqual(500, (int)second.StatusCode);
    }

    [TestMethod]
    public async Task Drop_and_truncate_break_the_read()
    {
        foreach (var kind in new[] { "drop", "truncate" })
        {
            await SpotifyAsync(new JsonObject { ["match"] = "GET /v1/artists/*", ["kind"] = kind });
            await Assert.ThrowsAsync<HttpRequestException>(GetAsync, kind);
        }
    }

    [TestMethod]
    public async Task Wrong_content_comes_with_status_200()
    {
        await SpotifyAsync(new JsonObject { ["match"] = "* /**", ["kind"] = "html", ["times"] = 1 });
        using var html = await GetAsync();
        Assert.AreEqual("text/html", html.Content.Headers.ContentType!.MediaType);
        await SpotifyAsync(new JsonObject { ["kind"] = "contentType", ["contentType"] = "text/plain" });
        using var plain = await GetAsync();
        Assert.AreEqual("text/plain", plain.Content.Headers.ContentType!.MediaType);
    }

    [TestMethod]
    public async Task A_slow_answer_is_delayed_and_correct()
    {
        await SpotifyAsync(new JsonObject { ["kind"] = "slow", ["delayMs"] = 300 });
        var started = TimeProvider.System.GetTimestamp();
        using var answer = await GetAsync();
        Assert.IsGreaterThan(290, TimeProvider.System.GetElapsedTime(started).TotalMilliseconds);
        Assert.AreEqual(200, (int)answer.StatusCode);
    }

    [TestMethod]
    public async Task An_unknown_kind_is_refused()
    {
        var (status, _) = await _rig.JsonAsync(
            HttpMethod.Post, _rig.Host.SpotifyUrl + "/sandbox/faults", new JsonObject { ["rules"] = new JsonArray(new JsonObject { ["kind"] = "gremlin" }) });
        Assert.AreEqual(400, status);
    }

    [TestMethod]
    public async Task A_shifted_clock_expires_an_access_token()
    {
        await _rig.JsonAsync(HttpMethod.Post, _rig.Host.SpotifyUrl + "/_sandbox/clock", new JsonObject { ["offsetSeconds"] = 3601 });
        var (status, body) = await _rig.JsonAsync(HttpMethod.Get, ArtistUrl, bearer: _bearer);
        Assert.AreEqual(401, status);
        Assert.AreEqual("The access token expired", (string)body!["error"]!["message"]!);
    }

    [TestMethod]
    public async Task A_retrying_transfer_shows_an_exception_before_its_end()
    {
        await SlskdAsync(new JsonObject { ["kind"] = "transferErrored", ["percent"] = 30, ["times"] = 1 });
        var id = await _rig.EnqueueAsync("vinylbird", _files[0]);
        var between = await _rig.UntilAsync(() => _rig.TransferAsync(id), transfer => transfer["exception"] is not null);
        Assert.AreEqual("Queued, Locally", (string)between["state"]!);
        Assert.IsNotNull(between["endedAt"]);
        var ended = await _rig.TransferUntilAsync(id, state => state.StartsWith("Completed", StringComparison.Ordinal));
        Assert.AreEqual("Completed, Succeeded", (string)ended["state"]!);
        Assert.AreEqual(2, (int)ended["attempts"]!);
    }

    [TestMethod]
    [DataRow("transferErrored", "Completed, Errored")]
    [DataRow("transferRejected", "Completed, Rejected")]
    [DataRow("wrongSize", "Completed, Aborted")]
    public async Task A_transfer_can_be_made_to_fail(string kind, string state)
    {
        await SlskdAsync(new JsonObject { ["kind"] = kind, ["peer"] = "vinyl*", ["final"] = true });
        var ended = await _rig.TransferUntilAsync(
            await _rig.EnqueueAsync("vinylbird", _files[1]), seen => seen.StartsWith("Completed", StringComparison.Ordinal));
        Assert.AreEqual(state, (string)ended["state"]!);
    }

    [TestMethod]
    public async Task The_position_of_a_stuck_transfer_answers_500()
    {
        await SlskdAsync(new JsonObject { ["kind"] = "queuedForever" });
        var id = await _rig.EnqueueAsync("vinylbird", _files[2]);
        await _rig.TransferUntilAsync(id, state => state == "Queued, Remotely");
        var (status, body) = await _rig.SlskdAsync(HttpMethod.Get, $"/transfers/downloads/vinylbird/{id}/position");
        Assert.AreEqual(500, status);
        Assert.AreEqual("The wait timed out after 5000 milliseconds", (string)body!);
    }

    [TestMethod]
    public async Task A_peer_can_be_offline_for_one_request()
    {
        await SlskdAsync(new JsonObject { ["kind"] = "userOffline", ["peer"] = "vinylbird", ["times"] = 1 });
        Assert.AreEqual(404, (await _rig.BatchAsync("vinylbird", [_files[3]])).Status);
        Assert.AreEqual(201, (await _rig.BatchAsync("vinylbird", [_files[3]])).Status);
    }

    [TestMethod]
    public async Task A_corrupt_file_has_the_promised_size()
    {
        await SlskdAsync(new JsonObject { ["kind"] = "corrupt", ["times"] = 1 });
        var contents = new List<byte[]>();
        foreach (var destination in new[] { "corrupt/bad", "corrupt/good" })
        {
            await _rig.EnqueueAsync("vinylbird", _files[4], destination);
            var path = Path.Combine(_rig.Host.DownloadsDirectory, destination, ((string)_files[4]["filename"]!).Split('\\')[^1]);
            await _rig.UntilAsync(() => Task.FromResult(File.Exists(path)), there => there);
            contents.Add(await File.ReadAllBytesAsync(path, TestContext.CancellationToken));
        }
        Assert.HasCount(contents[0].Length, contents[1]);
        CollectionAssert.AreNotEqual(contents[0], contents[1]);
    }

    private static Task SpotifyAsync(JsonObject rule) => _rig.FaultAsync(_rig.Host.SpotifyUrl, rule);

    private static Task SlskdAsync(JsonObject rule) => _rig.FaultAsync(_rig.Host.SlskdUrl, rule);

    private static Task<HttpResponseMessage> GetAsync() => _rig.SendAsync(HttpMethod.Get, ArtistUrl, bearer: _bearer);
}
