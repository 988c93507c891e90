using System.Text.Json.Nodes;

namespace Harmony.Tests.Providers;

[TestClass]
public sealed class SandboxSlskdFolderTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public async Task Files_are_one_flat_list_with_relative_paths()
    {
        await using var rig = await SandboxRig.StartAsync(TestContext.CancellationToken);
        Directory.CreateDirectory(Path.Combine(rig.Host.DownloadsDirectory, "harmony", "1-1"));
        await File.WriteAllTextAsync(Path.Combine(rig.Host.DownloadsDirectory, "harmony", "1-1", "a.flac"), "four", TestContext.CancellationToken);

        var (status, whole) = await rig.SlskdAsync(HttpMethod.Get, "/files/downloads/directories?recursive=true");
        var (_, top) = await rig.SlskdAsync(HttpMethod.Get, "/files/downloads/directories");

        Assert.AreEqual(200, status);
        Assert.AreEqual("", (string?)whole!["fullName"]);
        Assert.AreEqual("harmony/1-1/a.flac 4", string.Join(", ", whole["files"]!.AsArray().Select(file => $"{file!["fullName"]} {file["length"]}")));
        Assert.AreEqual("harmony, harmony/1-1", string.Join(", ", whole["directories"]!.AsArray().Select(folder => (string?)folder!["fullName"]).Order(StringComparer.Ordinal)));
        Assert.AreEqual("a.flac", (string?)whole["files"]![0]!["name"]);
        Assert.IsEmpty(top!["files"]!.AsArray());
    }

    [TestMethod]
    public async Task A_daemon_set_to_another_folder_writes_there()
    {
        await using var rig = await SandboxRig.StartAsync(TestContext.CancellationToken);
        await rig.FaultAsync(rig.Host.SlskdUrl, new JsonObject { ["kind"] = "otherFolder" });
        var other = rig.Host.DownloadsDirectory + "-other";

        var id = await rig.EnqueueAsync("vinylbird", (await rig.FilesOfAsync("vinylbird"))[0], "walk/one");
        await rig.TransferUntilAsync(id, state => state == "Completed, Succeeded");
        await rig.UntilAsync(() => Task.FromResult(Directory.Exists(Path.Combine(other, "walk", "one"))), there => there);
        var (_, options) = await rig.SlskdAsync(HttpMethod.Get, "/options");

        Assert.AreEqual(other, (string?)options!["directories"]!["downloads"]);
        Assert.IsEmpty(Directory.GetFileSystemEntries(rig.Host.DownloadsDirectory));
    }
}
