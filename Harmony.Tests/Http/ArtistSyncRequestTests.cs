using Harmony.Tests.Postgres;

namespace Harmony.Tests.Http;

/// <summary>A sync can be asked for over REST, by an admin and on a page: the history of the job names the person each time.</summary>
[TestClass]
public sealed class ArtistSyncRequestTests
{
    private const string Artist = "spotify:4Z8W4fKeB5YxbusRsdQVPb";

    private TestDatabase _database = null!;
    private ApiHost _host = null!;

    public required TestContext TestContext { get; set; }

    [TestInitialize]
    public async Task StartAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _host = await ApiHost.StartAsync(_database, ("HARMONY_API_KEYS", ApiHost.Keys), ("HARMONY_UI_USERS", People.Users), ("FEATURE_ADMIN_API", "true"));
    }

    [TestCleanup]
    public async Task StopAsync()
    {
        await _host.DisposeAsync();
        await _database.DisposeAsync();
    }

    [TestMethod]
    public async Task A_sync_from_a_page_records_its_user()
    {
        var session = await WebSession.OfAsync(_host, "otto");

        var answer = await session.PostAsync($"/ui/artists/{Artist}/sync", [new("__RequestVerificationToken", await session.TokenAsync("/ui/nowhere"))]);

        Assert.AreEqual(303, answer.Status, answer.Text);
        Assert.AreEqual("user:otto user:otto", await RequestedByAndActorAsync());
    }

    [TestMethod]
    public async Task A_sync_over_REST_records_its_key()
    {
        var answer = await _host.PostAsync($"/api/v1/artists/{Artist}/enqueue-sync", "{}", ApiHost.OperatorKey);

        Assert.AreEqual(202, answer.Status, answer.Text);
        Assert.AreEqual("key:otto key:otto", await RequestedByAndActorAsync());
    }

    [TestMethod]
    public async Task A_resync_raises_and_forces_the_waiting_sync()
    {
        var waiting = (await _host.PostAsync($"/api/v1/artists/{Artist}/enqueue-sync", "{}", ApiHost.OperatorKey)).Json.GetProperty("job_id").GetInt64();

        var resync = await _host.PostAsync($"/admin/artists/{Artist}/resync", null, ApiHost.AdminKey);

        Assert.AreEqual(202, resync.Status, resync.Text);
        Assert.AreEqual((waiting, 60), (resync.Json.GetProperty("jobId").GetInt64(), resync.Json.GetProperty("priority").GetInt32()));
        Assert.AreEqual("60 true", await ScalarAsync("select concat_ws(' ', priority, forced::text) from harmony.job"));
    }

    private Task<string?> RequestedByAndActorAsync() => ScalarAsync(
        """
        select concat_ws(' ', j.requested_by, e.actor)
        from harmony.job j
        join harmony.job_event e on e.job_id = j.job_id
        where j.kind = 'artist_sync'
        order by e.event_id
        limit 1
        """);

    private Task<string?> ScalarAsync(string sql) => _database.Database.QueryFirstAsync<string>(sql, null, TestContext.CancellationToken);
}
