using System.Text.Json;
using Harmony.Jobs.Providers;
using Harmony.Jobs.Providers.Http;
using Harmony.Jobs.Providers.Slskd;
using Harmony.Orchestrator;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Harmony.Tests.Providers;

[TestClass]
public sealed class SlskdClientTests(TestContext context)
{
    private static readonly Guid Id = new("e0aff51c-0000-7000-8000-000000000001");
    private static readonly SlskdFile[] Files = [new(@"Music\A\01 - Song.flac", 1234)];

    [TestMethod]
    public async Task A_search_starts_with_the_given_id_and_milliseconds()
    {
        JsonElement body = default;
        await using var rig = await Rig.StartAsync(async http =>
        {
            body = (await JsonDocument.ParseAsync(http.Request.Body)).RootElement;
            await http.Json($$"""{"id":"{{Id}}","state":"InProgress"}""");
        });

        await rig.Client.StartSearchAsync(Id, "rig testers", context.CancellationToken);

        Assert.AreEqual((Id, "rig testers", 6000), (body.GetProperty("id").GetGuid(), body.GetProperty("searchText").GetString(), body.GetProperty("searchTimeout").GetInt32()));
    }

    [TestMethod]
    public async Task An_existing_search_id_is_a_success()
    {
        await using var rig = await Rig.StartAsync(http => http.Request.Method == "POST"
            ? http.Json("\"An error occurred while saving the entity changes. See the inner exception for details.\"", 500)
            : http.Json($$"""{"id":"{{Id}}","searchText":"rig testers","state":"InProgress","isComplete":false}"""));

        await rig.Client.StartSearchAsync(Id, "rig testers", context.CancellationToken);

        Assert.HasCount(2, rig.Server.Asked);
    }

    [TestMethod]
    public async Task A_search_for_another_text_is_refused()
    {
        await using var rig = await Rig.StartAsync(http => http.Request.Method == "POST"
            ? http.Json("\"An error occurred while saving the entity changes. See the inner exception for details.\"", 500)
            : http.Json($$"""{"id":"{{Id}}","searchText":"something else","state":"Completed","endedAt":"2026-01-01T00:00:00Z","responses":[]}"""));

        var failed = await Assert.ThrowsExactlyAsync<ProviderException>(() => rig.Client.StartSearchAsync(Id, "rig testers", context.CancellationToken));

        Assert.AreEqual("foreign_search", failed.Code);
    }

    [TestMethod]
    public async Task A_batch_of_other_files_is_refused()
    {
        await using var rig = await Rig.StartAsync(http => http.Request.Method == "POST"
            ? http.Json($"\"A batch with ID {Id} already exists\"", 409)
            : http.Json($$"""{"id":"{{Id}}","username":"bob","transfers":[{"id":"t1","filename":"other","size":5,"state":"Completed, Succeeded"}]}"""));

        var failed = await Assert.ThrowsExactlyAsync<ProviderException>(() => Enqueue(rig));

        Assert.AreEqual("foreign_batch", failed.Code);
    }

    [TestMethod]
    public async Task A_real_500_is_a_transient_failure()
    {
        await using var rig = await Rig.StartAsync(http => http.Request.Method == "POST" ? http.Json("\"boom\"", 500) : http.Empty(404));

        var failed = await Assert.ThrowsExactlyAsync<ProviderException>(() => rig.Client.StartSearchAsync(Id, "rig testers", context.CancellationToken));

        Assert.AreEqual("server_error", failed.Code);
    }

    [TestMethod]
    [DataRow(429, "Only one concurrent operation is permitted. Wait until the previous operation completes.", 2)]
    [DataRow(409, "The server connection must be connected and logged in to perform a search (currently: Disconnected)", 30)]
    [DataRow(500, "The server connection must be connected and logged in to fetch user endpoint (currently: Disconnected)", 30)]
    public async Task A_busy_or_logged_out_daemon_blocks_the_provider(int status, string sentence, int seconds)
    {
        await using var rig = await Rig.StartAsync(http => http.Request.Method == "POST" ? http.Json($"\"{sentence}\"", status) : http.Empty(404));

        var blocked = await Assert.ThrowsExactlyAsync<ProviderBlockedException>(() => rig.Client.StartSearchAsync(Id, "x y", context.CancellationToken));

        Assert.AreEqual(("slskd", TimeSpan.FromSeconds(seconds), sentence), (blocked.Provider, blocked.Wait, blocked.Reason));
    }

    [TestMethod]
    public async Task Completion_without_an_end_time_is_not_final()
    {
        var ended = false;
        await using var rig = await Rig.StartAsync(http => http.Json(ended
            ? $$"""
               {"id":"{{Id}}","searchText":"testers  Rig","isComplete":true,"endedAt":"2026-11-20T23:41:41.1Z","state":"Completed, TimedOut","responses":[null,
                 {"username":"alice","hasFreeUploadSlot":true,"queueLength":0,"uploadSpeed":12,
                  "files":[{"filename":"M\\a.flac","size":10,"extension":"","bitDepth":16,"sampleRate":44100,"length":30,"isLocked":false}],
                  "lockedFiles":[{"filename":"M\\b.mp3","size":11,"bitRate":320,"isVariableBitRate":false}]}]}
               """
            : $$"""{"id":"{{Id}}","searchText":"rig testers","isComplete":true,"state":"Completed, TimedOut","responses":[]}"""));

        Assert.IsFalse((await rig.Client.GetSearchAsync(Id, "rig testers", context.CancellationToken))!.Ended);
        ended = true;
        var search = await rig.Client.GetSearchAsync(Id, "rig testers", context.CancellationToken);

        Assert.IsTrue(search!.Ended);
        CollectionAssert.AreEqual(
            new[] { new SlskdFile(@"M\a.flac", 10, null, null, 16, 44_100, 30, null, false), new SlskdFile(@"M\b.mp3", 11, null, 320, null, null, null, false, true) },
            search.Responses.Single().Files.ToArray());
    }

    [TestMethod]
    public async Task An_unknown_search_or_batch_is_null()
    {
        await using var rig = await Rig.StartAsync(http => http.Empty(404));

        Assert.IsNull(await rig.Client.GetSearchAsync(Id, "rig testers", context.CancellationToken));
        Assert.IsNull(await rig.Client.GetBatchAsync(Id, context.CancellationToken));
    }

    [TestMethod]
    public async Task A_batch_lists_accepted_and_failed_files()
    {
        await using var rig = await Rig.StartAsync(http => http.Json(
            $$"""
            {"batch":{"id":"{{Id}}","username":"alice","transfers":[{"batchId":"{{Id}}","id":"t1","username":"alice","filename":"a","size":5,"state":"Queued, Locally"}]},
             "failures":[{"filename":"b","message":"Skipped: Already in progress"}]}
            """,
            207));

        var result = await Enqueue(rig);

        Assert.AreEqual(("t1", Id, false), (result.Transfers.Single().Id, result.Transfers.Single().BatchId, result.UserOffline));
        Assert.AreEqual(new SlskdFailure("b", "Skipped: Already in progress"), result.Failures.Single());
    }

    [TestMethod]
    public async Task An_existing_batch_is_a_success()
    {
        await using var rig = await Rig.StartAsync(http => http.Request.Method == "POST"
            ? http.Json($"\"A batch with ID {Id} already exists\"", 409)
            : http.Json($$"""{"id":"{{Id}}","username":"alice","transfers":[{"id":"t1","filename":"Music\\A\\01 - Song.flac","size":5,"state":"Completed, Succeeded"}]}"""));

        var result = await Enqueue(rig);

        Assert.AreEqual(("t1", "alice", true), (result.Transfers.Single().Id, result.Transfers.Single().Username, result.Transfers.Single().Succeeded));
    }

    [TestMethod]
    [DataRow(404, "User alice appears to be offline")]
    [DataRow(500, "User alice appears to be offline")]
    [DataRow(500, "Failed to connect to user alice: Failed to establish a direct or indirect message connection")]
    public async Task An_offline_peer_is_a_result(int status, string sentence)
    {
        await using var rig = await Rig.StartAsync(http => http.Json($"\"{sentence}\"", status));

        Assert.IsTrue((await Enqueue(rig)).UserOffline);
    }

    [TestMethod]
    public async Task A_daemon_without_batches_is_an_error()
    {
        await using var rig = await Rig.StartAsync(http => http.Empty(404));

        var refused = await Assert.ThrowsExactlyAsync<PermanentJobException>(() => Enqueue(rig));

        Assert.AreEqual("not_found", refused.ReasonCode);
    }

    [TestMethod]
    public async Task An_invalid_key_is_named()
    {
        await using var rig = await Rig.StartAsync(http => http.Empty(http.Request.Headers["X-API-Key"] == "right" ? 200 : 401), key: "wrong");

        var refused = await Assert.ThrowsExactlyAsync<PermanentJobException>(() => rig.Client.IsLoggedInAsync(context.CancellationToken));

        Assert.AreEqual("slskd refused the API key: check SLSKD_API_KEY", refused.Message);
    }

    [TestMethod]
    public async Task The_web_page_of_slskd_is_no_answer()
    {
        await using var rig = await Rig.StartAsync(http => http.Text("<!doctype html><title>slskd</title>", 200, "text/html"));

        Assert.AreEqual("bad_reply", (await Assert.ThrowsExactlyAsync<ProviderException>(() => rig.Client.ListDownloadsAsync(context.CancellationToken))).Code);
        await Assert.ThrowsExactlyAsync<ProviderException>(() => rig.Client.CancelAsync("alice", "t1", remove: true, context.CancellationToken));
    }

    [TestMethod]
    public async Task All_downloads_are_one_flat_list()
    {
        await using var rig = await Rig.StartAsync(http => http.Json(
            """
            [{"username":"alice","directories":[{"directory":"M","fileCount":2,"files":[
               {"id":"t1","username":"alice","filename":"M\\a","size":5,"state":"InProgress","bytesTransferred":2,"averageSpeed":23.5,"percentComplete":40,"placeInQueue":3},
               {"id":"t2","filename":"M\\b","size":6,"state":"Queued, Locally","exception":"The wait timed out","endedAt":"2026-11-20T23:43:00Z"}]}]},
             {"username":"bob","directories":null}]
            """));

        var transfers = await rig.Client.ListDownloadsAsync(context.CancellationToken);

        Assert.AreEqual(new SlskdTransfer("t1", null, "alice", @"M\a", 5, "InProgress", 2, 23.5, 40, 3, null), transfers[0]);
        Assert.AreEqual(("alice", false), (transfers[1].Username, transfers[1].IsCompleted), "an error text alone is not the end");
    }

    [TestMethod]
    public async Task Cancelling_escapes_user_and_transfer()
    {
        await using var rig = await Rig.StartAsync(http => http.Empty(204));

        await rig.Client.CancelAsync("a/b c?", "t1", remove: true, context.CancellationToken);

        Assert.AreEqual("DELETE /api/v0/transfers/downloads/a%2Fb%20c%3F/t1?remove=true", rig.Server.Asked.Single());
    }

    [TestMethod]
    [DataRow("Completed, Succeeded", true, true)]
    [DataRow("Completed, Errored", true, false)]
    [DataRow("Completed, Cancelled", true, false)]
    [DataRow("Queued, Remotely", false, false)]
    [DataRow("InProgress", false, false)]
    [DataRow("Succeeded", false, false)]
    public void A_state_is_a_set_of_flags(string state, bool completed, bool succeeded)
    {
        var transfer = new SlskdTransfer("t", null, "u", "f", 1, state, 0, 0, 0, null, null);

        Assert.AreEqual((completed, succeeded), (transfer.IsCompleted, transfer.Succeeded));
    }

    private Task<SlskdBatchResult> Enqueue(Rig rig) => rig.Client.EnqueueBatchAsync(Id, "alice", Files, "harmony/1-0", context.CancellationToken);

    private sealed record Rig(LoopbackProvider Server, ServiceProvider Clients) : IAsyncDisposable
    {
        public SlskdClient Client => Clients.GetRequiredService<SlskdClient>();

        public static async Task<Rig> StartAsync(Func<HttpContext, Task> answer, string key = "right")
        {
            var server = await LoopbackProvider.StartAsync(answer);
            return new Rig(server, LoopbackProvider.Clients(new ProviderOptions
            {
                Slskd = new SlskdOptions { BaseUrl = server.Url, ApiKey = key, SearchTimeout = TimeSpan.FromSeconds(6) },
            }));
        }

        public async ValueTask DisposeAsync()
        {
            await Clients.DisposeAsync();
            await Server.DisposeAsync();
        }
    }
}
