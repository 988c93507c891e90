using System.Text.Json;
using Harmony.Tests.Postgres;

namespace Harmony.Tests.Http;

/// <summary>Orders, changes of a download, and wanted tracks over HTTP, on a real database without a job server.</summary>
[TestClass]
public sealed class OrdersTests
{
    private static TestDatabase _database = null!;
    private static ApiHost _host = null!;

    [ClassInitialize]
    public static async Task StartAsync(TestContext context)
    {
        _database = await TestDatabase.CreateAsync();
        _host = await ApiHost.StartAsync(_database, ("HARMONY_API_KEYS", ApiHost.Keys));
    }

    [ClassCleanup]
    public static async Task StopAsync()
    {
        await _host.DisposeAsync();
        await _database.DisposeAsync();
    }

    [TestMethod]
    public async Task A_track_is_ordered_once()
    {
        var first = await OrderAsync("Once Only");
        var second = await OrderAsync("once ONLY");

        Assert.AreEqual(1, first.GetProperty("items_total").GetInt32());
        Assert.AreEqual("key:otto", first.GetProperty("requested_by").GetString());
        var (one, two) = (first.GetProperty("items")[0], second.GetProperty("items")[0]);
        Assert.AreEqual(one.GetProperty("download_id").GetInt64(), two.GetProperty("download_id").GetInt64());
        Assert.AreEqual((false, true), (one.GetProperty("already_known").GetBoolean(), two.GetProperty("already_known").GetBoolean()));
        Assert.AreEqual(
            1L,
            await _database.Database.QueryFirstAsync<long>(
                "select count(*) from harmony.job where unique_key = 'download:' || @id and priority = 60", new { id = one.GetProperty("download_id").GetInt64() }, CancellationToken.None));
    }

    [TestMethod]
    [DataRow("{}", "items", "is required")]
    [DataRow("""{"items":[]}""", "items", "from 1 to 1000")]
    [DataRow("""{"items":[{"artist":"a","title":"t"},{"artist":" ","title":"t"}]}""", "items", "[1]: artist is required")]
    [DataRow("""{"items":[{"artist":"a"}]}""", "items", "[0]: title is required")]
    [DataRow("""{"items":[{"artist":"a","title":"t","duration_seconds":-1}]}""", "items", "duration_seconds must be above 0")]
    [DataRow("""{"items":[{"artist":"a","title":"t\u0000"}]}""", "items", "control characters")]
    public async Task A_bad_order_is_refused_by_field(string body, string field, string words)
    {
        var answer = await _host.PostAsync("/api/v1/downloads", body, ApiHost.OperatorKey);

        Assert.AreEqual(400, answer.Status, answer.Text);
        Assert.Contains(field, answer.Text, StringComparison.Ordinal);
        Assert.Contains(words, answer.Text, StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task A_download_is_cancelled_retried_and_prioritised()
    {
        var id = (await OrderAsync("Changed Later")).GetProperty("items")[0].GetProperty("download_id").GetInt64();

        var prioritised = await SendAsync(HttpMethod.Patch, $"/api/v1/download/{id}/priority", """{"priority":5}""");
        var cancelled = await SendAsync(HttpMethod.Delete, $"/api/v1/download/{id}", null);
        var again = await SendAsync(HttpMethod.Delete, $"/api/v1/download/{id}", null);
        var retried = await SendAsync(HttpMethod.Post, $"/api/v1/download/{id}/retry", null);
        var twice = await SendAsync(HttpMethod.Post, $"/api/v1/download/{id}/retry", null);

        Assert.AreEqual(5, prioritised.Json.GetProperty("priority").GetInt32(), prioritised.Text);
        Assert.AreEqual("cancelled", cancelled.Json.GetProperty("status").GetString(), cancelled.Text);
        Assert.AreEqual((409, 202, 409), (again.Status, retried.Status, twice.Status));
        Assert.AreEqual("pending", retried.Json.GetProperty("status").GetString());
        Assert.AreEqual(
            "Deleted Enqueued",
            await _database.Database.QueryFirstAsync<string>(
                "select string_agg(state, ' ' order by job_id) from harmony.job where unique_key = 'download:' || @id", new { id }, CancellationToken.None));
        Assert.AreEqual(404, (await SendAsync(HttpMethod.Delete, "/api/v1/download/4711", null)).Status);
    }

    [TestMethod]
    public async Task A_release_is_ordered_with_its_cancelled_tracks()
    {
        var (_, release) = await LibraryRows.AlbumAsync(_database, "ordered", "r-ordered", "o1", "o2");

        var first = await _host.PostAsync($"/api/v1/releases/{release}/download", null, ApiHost.OperatorKey);
        await _database.Database.ExecuteAsync("update public.downloads set state = 'cancelled' where spotify_track_id = 'o1'", null, CancellationToken.None);
        var second = await _host.PostAsync($"/api/v1/releases/{release}/download", null, ApiHost.OperatorKey);

        Assert.AreEqual((202, 2), (first.Status, first.Json.GetProperty("tracks_ordered").GetInt32()), first.Text);
        Assert.AreEqual(1, second.Json.GetProperty("tracks_ordered").GetInt32());
        Assert.AreEqual(404, (await _host.PostAsync("/api/v1/releases/4711/download", null, ApiHost.OperatorKey)).Status);
    }

    [TestMethod]
    public async Task Wanted_tracks_are_listed_page_by_page_searched_and_stopped()
    {
        for (var i = 0; i < 3; i++)
            await OrderAsync($"Rare {i}");
        await _database.Database.ExecuteAsync(
            """
            update public.downloads
            set
                searches = 2,
                next_search_at = harmony.now() + id * interval '1 hour',
                closest = '{"username": "ann", "filename": "a.mp3", "sentence": "It lasts 3 s instead of 200 s.", "considered": 12}'
            where title like 'Rare %'
            """,
            null,
            CancellationToken.None);

        var first = (await _host.GetAsync("/api/v1/wanted?limit=2&text=rare", ApiHost.ViewerKey)).Json;
        var cursor = first.GetProperty("next_cursor").GetString();
        var second = (await _host.GetAsync($"/api/v1/wanted?limit=2&text=rare&cursor={cursor}", ApiHost.ViewerKey)).Json;
        var id = first.GetProperty("items")[0].GetProperty("id").GetInt64();
        var searched = await _host.PostAsync("/api/v1/wanted/search", $$"""{"ids":[{{id}},4711]}""", ApiHost.OperatorKey);
        var stopped = await _host.PostAsync("/api/v1/wanted/stop", $$"""{"ids":[{{id}}]}""", ApiHost.OperatorKey);

        Assert.AreEqual("Rare 0 Rare 1", string.Join(' ', first.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("title").GetString())));
        Assert.AreEqual("It lasts 3 s instead of 200 s.", first.GetProperty("items")[0].GetProperty("closest").GetProperty("sentence").GetString());
        Assert.AreEqual("Rare 2", second.GetProperty("items").EnumerateArray().Single().GetProperty("title").GetString());
        Assert.AreEqual((2, 1), (searched.Json.GetProperty("asked").GetInt32(), searched.Json.GetProperty("changed").GetInt32()), searched.Text);
        Assert.AreEqual(1, stopped.Json.GetProperty("changed").GetInt32(), stopped.Text);
        Assert.AreEqual(2, (await _host.GetAsync("/api/v1/wanted?text=rare", ApiHost.ViewerKey)).Json.GetProperty("items").GetArrayLength());
        Assert.AreEqual(400, (await _host.GetAsync("/api/v1/wanted?cursor=x", ApiHost.ViewerKey)).Status);
        Assert.AreEqual(400, (await _host.PostAsync("/api/v1/wanted/stop", """{"ids":[]}""", ApiHost.OperatorKey)).Status);
        Assert.AreEqual(403, (await _host.PostAsync("/api/v1/wanted/search", null, ApiHost.ViewerKey)).Status);
    }

    private static async Task<JsonElement> OrderAsync(string title)
    {
        var answer = await _host.PostAsync(
            "/api/v1/downloads", JsonSerializer.Serialize(new { items = new[] { new { artist = "The Rig Testers", title } } }), ApiHost.OperatorKey);
        Assert.AreEqual(202, answer.Status, answer.Text);
        return answer.Json;
    }

    private static Task<Answer> SendAsync(HttpMethod method, string path, string? body) => _host.SendAsync(method, path, ApiHost.OperatorKey, Body(body));

    private static StringContent? Body(string? json) => json is null ? null : new StringContent(json, System.Text.Encoding.UTF8, "application/json");
}
