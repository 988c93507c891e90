using System.Text.Json.Nodes;

namespace Harmony.Tests.Providers;

[TestClass]
public sealed class SandboxSlskdSearchTests
{
    private static SandboxRig _rig = null!;

    [ClassInitialize]
    public static async Task StartAsync(TestContext context) => _rig = await SandboxRig.StartAsync(context.CancellationToken, speed: 3);

    [ClassCleanup]
    public static async Task StopAsync() => await _rig.DisposeAsync();

    [TestInitialize]
    public async Task ForgetAsync() => await _rig.JsonAsync(HttpMethod.Post, _rig.Host.SlskdUrl + "/_sandbox/reset");

    [TestMethod]
    public async Task A_running_search_has_counts_but_no_responses()
    {
        var path = await BeginAsync("marble harbour");
        var running = await _rig.UntilAsync(async () => (await _rig.SlskdAsync(HttpMethod.Get, path)).Body!, body => (int)body["responseCount"]! > 0);
        Assert.IsFalse((bool)running["isComplete"]!);
        Assert.IsEmpty((await _rig.SlskdAsync(HttpMethod.Get, path + "/responses")).Body!.AsArray());
        await _rig.UntilAsync(async () => (await _rig.SlskdAsync(HttpMethod.Get, path)).Body!, body => body["endedAt"] is not null);
        Assert.IsNotEmpty((await _rig.SlskdAsync(HttpMethod.Get, path + "/responses")).Body!.AsArray());
    }

    [TestMethod]
    public async Task Completion_precedes_the_stored_responses()
    {
        for (var tries = 0; tries < 12; tries++)
        {
            var path = await BeginAsync("marble harbour");
            var complete = await _rig.UntilAsync(
                async () => (await _rig.SlskdAsync(HttpMethod.Get, path + "?includeResponses=true")).Body!, body => (bool)body["isComplete"]!);
            if (complete["endedAt"] is null)
            {
                Assert.IsEmpty(complete["responses"]!.AsArray());
                return;
            }
        }
        Assert.Fail("isComplete was never seen without endedAt");
    }

    [TestMethod]
    public async Task The_search_timeout_counts_milliseconds()
    {
        var path = await BeginAsync("marble harbour", timeout: 5);
        var ended = await _rig.UntilAsync(async () => (await _rig.SlskdAsync(HttpMethod.Get, path)).Body!, body => body["endedAt"] is not null);
        Assert.AreEqual("Completed, TimedOut", (string)ended["state"]!);
        Assert.AreEqual(0, (int)ended["fileCount"]!);
    }

    [TestMethod]
    public async Task Parallel_searches_are_refused_with_429()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => _rig.SlskdAsync(HttpMethod.Post, "/searches", Body("marble"))));
        Assert.Contains(answer => answer.Status == 200, answers);
        var refused = answers.First(answer => answer.Status == 429);
        Assert.StartsWith("Only one concurrent operation", (string)refused.Body!, StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task A_stopped_search_keeps_its_responses()
    {
        var path = await BeginAsync("marble harbour");
        await _rig.UntilAsync(async () => (await _rig.SlskdAsync(HttpMethod.Get, path)).Body!, body => (int)body["responseCount"]! > 0);
        Assert.AreEqual(200, (await _rig.SlskdAsync(HttpMethod.Put, path)).Status);
        var ended = await _rig.UntilAsync(async () => (await _rig.SlskdAsync(HttpMethod.Get, path)).Body!, body => body["endedAt"] is not null);
        Assert.AreEqual("Completed, Cancelled", (string)ended["state"]!);
        Assert.IsNotEmpty((await _rig.SlskdAsync(HttpMethod.Get, path + "/responses")).Body!.AsArray());
        Assert.AreEqual(204, (await _rig.SlskdAsync(HttpMethod.Delete, path)).Status);
        Assert.AreEqual(404, (await _rig.SlskdAsync(HttpMethod.Delete, path)).Status);
    }

    [TestMethod]
    public async Task Peers_differ_and_excluded_words_remove_versions()
    {
        var answers = await _rig.SearchAsync("fifty kites kite book");
        var files = answers.SelectMany(answer => answer!["files"]!.AsArray()).ToList();
        Assert.Contains(file => (string)file!["extension"]! == "flac" && file["bitRate"] is null && (int)file["bitDepth"]! == 16, files);
        Assert.Contains(file => (string)file!["extension"]! == "mp3" && (int)file["bitRate"]! == 320 && file["sampleRate"] is null, files);
        Assert.Contains(answer => (int)answer!["lockedFileCount"]! > 0, answers);
        Assert.Contains(answer => !(bool)answer!["hasFreeUploadSlot"]! && (int)answer["queueLength"]! > 100, answers);
        Assert.Contains(file => ((string)file!["filename"]!).Contains("(Live at", StringComparison.Ordinal), files);
        var without = await _rig.SearchAsync("fifty kites kite book -live -remix");
        Assert.DoesNotContain(answer => (string)answer!["username"]! == "bootleg_barn", without);
    }

    [TestMethod]
    public async Task The_search_after_the_limit_bans_the_client()
    {
        for (var i = 0; i < 35; i++)
            await BeginAsync("marble", timeout: 5);
        var (status, body) = await _rig.SlskdAsync(HttpMethod.Post, "/searches", Body("marble"));
        Assert.AreEqual(409, status);
        Assert.Contains("currently: Disconnected", (string)body!, StringComparison.Ordinal);
        Assert.IsFalse((bool)(await _rig.SlskdAsync(HttpMethod.Get, "/server")).Body!["isLoggedIn"]!);
        await _rig.JsonAsync(HttpMethod.Post, _rig.Host.SlskdUrl + "/_sandbox/clock", new JsonObject { ["offsetSeconds"] = 1900 });
        Assert.AreEqual(200, (await _rig.SlskdAsync(HttpMethod.Post, "/searches", Body("marble"))).Status);
    }

    [TestMethod]
    public async Task Thirty_four_searches_fit_the_rolling_window()
    {
        for (var i = 0; i < 34; i++)
            await BeginAsync("marble", timeout: 5);
        await _rig.JsonAsync(HttpMethod.Post, _rig.Host.SlskdUrl + "/_sandbox/clock", new JsonObject { ["offsetSeconds"] = 221 });
        await BeginAsync("marble", timeout: 5);
        Assert.IsTrue((bool)(await _rig.SlskdAsync(HttpMethod.Get, "/server")).Body!["isLoggedIn"]!);
    }

    [TestMethod]
    [DataRow("""{"searchText":" "}""", "The field SearchText can not be null")]
    [DataRow("""{"searchText":"marble","searchTimeout":1}""", "The field SearchTimeout must be between 5")]
    [DataRow("""{"searchText":"-"}""", "Search query must contain at least one")]
    public async Task A_bad_search_answers_400_with_a_string(string body, string message)
    {
        var (status, answer) = await _rig.SlskdAsync(HttpMethod.Post, "/searches", JsonNode.Parse(body));
        Assert.AreEqual(400, status);
        Assert.StartsWith(message, (string)answer!, StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task Keys_paging_and_health_match_the_daemon()
    {
        using var wrong = await _rig.SendAsync(HttpMethod.Get, _rig.Host.SlskdUrl + "/api/v0/server", key: false);
        Assert.AreEqual(401, (int)wrong.StatusCode);
        Assert.AreEqual("Bearer", wrong.Headers.WwwAuthenticate.Single().Scheme);
        using var nowhere = await _rig.SendAsync(HttpMethod.Get, _rig.Host.SlskdUrl + "/api/v0/nope", key: false);
        Assert.AreEqual(404, (int)nowhere.StatusCode);
        using var page = await _rig.SendAsync(HttpMethod.Get, _rig.Host.SlskdUrl + "/nope", key: false);
        Assert.AreEqual("text/html", page.Content.Headers.ContentType!.MediaType);
        await _rig.SlskdAsync(HttpMethod.Delete, "/server", JsonValue.Create("bye"));
        using var health = await _rig.SendAsync(HttpMethod.Get, _rig.Host.SlskdUrl + "/health", key: false);
        Assert.AreEqual("Healthy", await health.Content.ReadAsStringAsync(CancellationToken.None));
    }

    private static JsonObject Body(string text, int timeout = 5000) => new() { ["searchText"] = text, ["searchTimeout"] = timeout };

    private static async Task<string> BeginAsync(string text, int timeout = 5000)
    {
        var (status, body) = await _rig.SlskdAsync(HttpMethod.Post, "/searches", Body(text, timeout));
        Assert.AreEqual(200, status, body?.ToJsonString());
        return $"/searches/{body!["id"]}";
    }
}
