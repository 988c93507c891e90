using System.Text.Json.Nodes;

namespace Harmony.Tests.Providers;

[TestClass]
public sealed class SandboxSlskdRestartTests(TestContext context)
{
    [TestMethod]
    public async Task A_restart_renumbers_running_and_fails_queued_downloads()
    {
        await using var rig = await SandboxRig.StartAsync(context.CancellationToken);
        var files = await rig.FilesOfAsync("vinylbird");
        await rig.FaultAsync(
            rig.Host.SlskdUrl,
            new JsonObject { ["kind"] = "transferStall", ["file"] = "*01 - *", ["percent"] = 40, ["times"] = 1 },
            new JsonObject { ["kind"] = "queuedForever", ["file"] = "*02 - *", ["times"] = 1 });
        var running = await rig.EnqueueAsync("vinylbird", files.Single(file => ((string)file["filename"]!).Contains("01 - ", StringComparison.Ordinal)), "again");
        var waiting = await rig.EnqueueAsync("vinylbird", files.Single(file => ((string)file["filename"]!).Contains("02 - ", StringComparison.Ordinal)), "again");
        var before = await rig.TransferUntilAsync(running, state => state == "InProgress");
        await rig.TransferUntilAsync(waiting, state => state == "Queued, Remotely");
        await rig.RestartAsync();

        var old = await rig.TransferAsync(running);
        Assert.AreEqual("Application shut down", (string)old["exception"]!);
        Assert.IsTrue((bool)old["removed"]!);
        var errored = await rig.TransferAsync(waiting);
        Assert.AreEqual("Completed, Errored", (string)errored["state"]!);
        Assert.IsFalse((bool)errored["removed"]!);
        var renewed = await rig.UntilAsync(
            () => ListedAsync(rig, (string)before["filename"]!), transfer => (string?)transfer?["state"] == "Completed, Succeeded");
        Assert.AreNotEqual(running, (string)renewed!["id"]!);
        Assert.AreEqual((string)before["batchId"]!, (string)renewed["batchId"]!);
    }

    [TestMethod]
    public async Task Searches_rules_and_budget_survive_a_restart()
    {
        await using var rig = await SandboxRig.StartAsync(context.CancellationToken);
        var answers = await rig.SearchAsync("marble harbour");
        await rig.FaultAsync(rig.Host.SlskdUrl, new JsonObject { ["kind"] = "userOffline", ["peer"] = "vinylbird" });
        await rig.RestartAsync();
        var searches = (await rig.SlskdAsync(HttpMethod.Get, "/searches")).Body!.AsArray();
        Assert.HasCount(1, searches);
        Assert.AreEqual(answers.Count, (int)searches[0]!["responseCount"]!);
        Assert.AreEqual("Offline", (string)(await rig.SlskdAsync(HttpMethod.Get, "/users/vinylbird/status")).Body!["presence"]!);
        var (_, figures) = await rig.JsonAsync(HttpMethod.Get, rig.Host.SlskdUrl + "/_sandbox/counters");
        Assert.AreEqual(1, (int)figures!["searchesInWindow"]!);
    }

    private static async Task<JsonNode?> ListedAsync(SandboxRig rig, string filename)
        => (await rig.SlskdAsync(HttpMethod.Get, "/transfers/downloads")).Body!.AsArray()
            .SelectMany(user => user!["directories"]!.AsArray())
            .SelectMany(directory => directory!["files"]!.AsArray())
            .FirstOrDefault(transfer => (string)transfer!["filename"]! == filename);
}
