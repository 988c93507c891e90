using System.Text.Json.Nodes;

namespace Harmony.Tests.Providers;

[TestClass]
public sealed class SandboxSlskdTransferTests
{
    private static SandboxRig _rig = null!;
    private static List<JsonObject> _files = [];

    [ClassInitialize]
    public static async Task StartAsync(TestContext context)
    {
        _rig = await SandboxRig.StartAsync(context.CancellationToken, speed: 10);
        _files = await _rig.FilesOfAsync("vinylbird");
    }

    [ClassCleanup]
    public static async Task StopAsync() => await _rig.DisposeAsync();

    [TestInitialize]
    public async Task ForgetAsync() => await _rig.JsonAsync(HttpMethod.Post, _rig.Host.SlskdUrl + "/_sandbox/reset");

    [TestMethod]
    public async Task A_transfer_succeeds_before_its_file_exists()
    {
        var early = 0;
        foreach (var file in _files.Take(5))
        {
            var id = await _rig.EnqueueAsync("vinylbird", file, "early/" + early);
            await _rig.TransferUntilAsync(id, state => state == "Completed, Succeeded");
            var path = LocalPath("early/" + early, file);
            early += File.Exists(path) ? 0 : 1;
            await FileAsync(path, (long)file["size"]!);
        }
        Assert.IsGreaterThan(0, early);
    }

    [TestMethod]
    public async Task A_transfer_passes_through_its_states()
    {
        var id = await _rig.EnqueueAsync("vinylbird", _files[0], "states");
        var seen = new List<string>();
        var counts = new HashSet<long>();
        await _rig.UntilAsync(() => _rig.TransferAsync(id), transfer =>
        {
            var state = (string)transfer["state"]!;
            if (!seen.Contains(state))
                seen.Add(state);
            counts.Add((long)transfer["bytesTransferred"]!);
            return state.StartsWith("Completed", StringComparison.Ordinal);
        });
        Assert.AreEqual("Completed, Succeeded", seen[^1]);
        Assert.Contains("Requested", seen);
        Assert.Contains("InProgress", seen);
        Assert.IsGreaterThan(3, counts.Count);
        var ended = await _rig.TransferAsync(id);
        Assert.DoesNotEndWith("Z", (string)ended["requestedAt"]!, StringComparison.Ordinal);
        Assert.EndsWith("Z", (string)ended["endedAt"]!, StringComparison.Ordinal);
        Assert.IsFalse(ended.AsObject().ContainsKey("exception"));
    }

    [TestMethod]
    public async Task A_taken_file_name_gets_a_suffix()
    {
        for (var i = 0; i < 2; i++)
        {
            var id = await _rig.EnqueueAsync("vinylbird", _files[1], "twice");
            await _rig.TransferUntilAsync(id, state => state == "Completed, Succeeded");
            var expected = i + 1;
            await _rig.UntilAsync(() => Task.FromResult(FilesIn("twice").Length), count => count == expected);
        }
        Assert.Contains(path => path.Contains("_6", StringComparison.Ordinal), FilesIn("twice"));
        var events = (await _rig.SlskdAsync(HttpMethod.Get, "/events?limit=10")).Body!.AsArray();
        var local = events.Where(logged => (string)logged!["type"]! == "DownloadFileComplete")
            .Select(logged => (string)JsonNode.Parse((string)logged!["data"]!)!["localFilename"]!);
        CollectionAssert.AreEquivalent(FilesIn("twice"), local.ToArray());
    }

    [TestMethod]
    public async Task The_old_enqueue_hides_failures_and_batches_name_them()
    {
        await _rig.EnqueueAsync("vinylbird", _files[2]);
        var (old, hidden) = await _rig.SlskdAsync(HttpMethod.Post, "/transfers/downloads/vinylbird", new JsonArray(_files[2].DeepClone()));
        Assert.AreEqual(201, old);
        Assert.AreEqual("""{"enqueued":[],"failed":[{}]}""", hidden!.ToJsonString());
        var (none, named) = await _rig.BatchAsync("vinylbird", [_files[2]]);
        Assert.AreEqual(200, none);
        Assert.AreEqual("Skipped: Already in progress", (string)named!["failures"]![0]!["message"]!);
        Assert.AreEqual(207, (await _rig.BatchAsync("vinylbird", [_files[2], _files[3]])).Status);
    }

    [TestMethod]
    public async Task A_batch_is_idempotent_by_id()
    {
        var id = Guid.CreateVersion7().ToString();
        var (first, body) = await _rig.BatchAsync("vinylbird", [_files[0]], id: id);
        Assert.AreEqual(201, first);
        Assert.IsFalse(body!["batch"]!["options"]!.AsObject().ContainsKey("externalId"));
        Assert.AreEqual(409, (await _rig.BatchAsync("vinylbird", [_files[1]], id: id)).Status);
        var (_, batch) = await _rig.SlskdAsync(HttpMethod.Get, "/transfers/downloads/batches/" + id);
        Assert.HasCount(1, batch!["transfers"]!.AsArray());
    }

    [TestMethod]
    public async Task An_offline_peer_answers_404_or_500()
    {
        var (batch, message) = await _rig.BatchAsync("nobodyhere", [_files[0]]);
        Assert.AreEqual(404, batch);
        Assert.AreEqual("User nobodyhere appears to be offline", (string)message!);
        Assert.AreEqual(500, (await _rig.SlskdAsync(HttpMethod.Post, "/transfers/downloads/nobodyhere", new JsonArray(_files[0].DeepClone()))).Status);
        Assert.AreEqual("Offline", (string)(await _rig.SlskdAsync(HttpMethod.Get, "/users/nobodyhere/status")).Body!["presence"]!);
    }

    [TestMethod]
    public async Task Unsafe_paths_and_empty_lists_answer_400()
    {
        Assert.AreEqual(400, (await _rig.BatchAsync("vinylbird", [_files[0]], destination: "../out")).Status);
        Assert.AreEqual(400, (await _rig.BatchAsync("vinylbird", [_files[0]], destination: "/out")).Status);
        Assert.AreEqual(400, (await _rig.BatchAsync("vinylbird", [])).Status);
        Assert.AreEqual(400, (await _rig.BatchAsync("vinylbird", [new JsonObject { ["filename"] = @"a\..\b", ["size"] = 1 }])).Status);
    }

    [TestMethod]
    public async Task Wrong_sizes_and_unshared_files_are_not_retried()
    {
        var wrong = new JsonObject { ["filename"] = (string)_files[0]["filename"]!, ["size"] = 1000 };
        var aborted = await _rig.TransferUntilAsync(await _rig.EnqueueAsync("vinylbird", wrong), state => state.StartsWith("Completed", StringComparison.Ordinal));
        Assert.AreEqual("Completed, Aborted", (string)aborted["state"]!);
        Assert.Contains("does not match expected size 1000", (string)aborted["exception"]!, StringComparison.Ordinal);
        var absent = new JsonObject { ["filename"] = @"Music\none.flac", ["size"] = 1 };
        var rejected = await _rig.TransferUntilAsync(await _rig.EnqueueAsync("vinylbird", absent), state => state.StartsWith("Completed", StringComparison.Ordinal));
        Assert.AreEqual("Transfer rejected: File not shared.", (string)rejected["exception"]!);
    }

    [TestMethod]
    public async Task Removing_a_running_transfer_only_cancels_it()
    {
        var id = await _rig.EnqueueAsync("vinylbird", _files[4]);
        var path = "/transfers/downloads/vinylbird/" + id;
        Assert.AreEqual(204, (await _rig.SlskdAsync(HttpMethod.Delete, path + "?remove=true")).Status);
        var cancelled = await _rig.TransferAsync(id);
        Assert.AreEqual("Completed, Cancelled", (string)cancelled["state"]!);
        Assert.IsFalse((bool)cancelled["removed"]!);
        await _rig.SlskdAsync(HttpMethod.Delete, path + "?remove=true");
        Assert.IsTrue((bool)(await _rig.TransferAsync(id))["removed"]!);
        Assert.IsEmpty((await _rig.SlskdAsync(HttpMethod.Get, "/transfers/downloads")).Body!.AsArray());
        Assert.AreEqual(404, (await _rig.SlskdAsync(HttpMethod.Get, "/transfers/downloads/vinylbird")).Status);
        Assert.AreEqual(204, (await _rig.SlskdAsync(HttpMethod.Delete, "/transfers/downloads/vinylbird/" + Guid.CreateVersion7())).Status);
    }

    [TestMethod]
    public async Task A_new_attempt_continues_the_partial_file()
    {
        var stall = new JsonObject { ["kind"] = "transferStall", ["percent"] = 60, ["times"] = 1 };
        await _rig.FaultAsync(_rig.Host.SlskdUrl, stall);
        var first = await _rig.EnqueueAsync("vinylbird", _files[5], "resumed");
        await _rig.UntilAsync(() => _rig.TransferAsync(first), transfer => (double)transfer["percentComplete"]! > 59);
        await _rig.SlskdAsync(HttpMethod.Delete, "/transfers/downloads/vinylbird/" + first);
        var second = await _rig.EnqueueAsync("vinylbird", _files[5], "resumed");
        var running = await _rig.TransferUntilAsync(second, state => state == "InProgress");
        Assert.IsGreaterThan(59, (double)running["percentComplete"]!);
        await FileAsync(LocalPath("resumed", _files[5]), (long)_files[5]["size"]!);
    }

    [TestMethod]
    public async Task The_delivered_file_matches_the_search_result()
    {
        var answers = await _rig.SearchAsync("fifty kites kite book 1");
        foreach (var answer in answers.Where(answer => (bool)answer!["hasFreeUploadSlot"]! && (int)answer["fileCount"]! > 0))
        {
            var (peer, file) = ((string)answer!["username"]!, answer["files"]![0]!.AsObject());
            await _rig.BatchAsync(peer, [new JsonObject { ["filename"] = (string)file["filename"]!, ["size"] = (long)file["size"]! }], "promise/" + peer);
            await FileAsync(LocalPath("promise/" + peer, file), (long)file["size"]!);
        }
        Assert.IsGreaterThan(4, answers.Count);
    }

    private static string LocalPath(string destination, JsonObject file)
        => Path.Combine(_rig.Host.DownloadsDirectory, destination, ((string)file["filename"]!).Split('\\')[^1]);

    private static string[] FilesIn(string destination)
    {
        var folder = Path.Combine(_rig.Host.DownloadsDirectory, destination);
        return Directory.Exists(folder) ? Directory.GetFiles(folder) : [];
    }

    private static Task<long> FileAsync(string path, long size)
        => _rig.UntilAsync(() => Task.FromResult(new FileInfo(path) is { Exists: true } file ? file.Length : -1), length => length == size);
}
