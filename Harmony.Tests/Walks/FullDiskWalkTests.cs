using Harmony.Data.Downloads;

namespace Harmony.Tests.Walks;

/// <summary>A full disk holds a download up, and does it no other harm.</summary>
[TestClass]
public sealed class FullDiskWalkTests
{
    private const long Mb = 1024 * 1024;

    public TestContext TestContext { get; set; } = null!;

    // A request looks at two folders before it asks for the file; the third look is that before the copy.
    [TestMethod]
    [DataRow(0, DownloadStage.Chosen, "downloads")]
    [DataRow(1, DownloadStage.Chosen, "music")]
    [DataRow(2, DownloadStage.Verified, "music")]
    [Timeout(300_000, CooperativeCancellation = true)]
    public async Task A_download_waits_for_free_space(int good, string stage, string folder)
    {
        var looks = 0;
        var full = true;
        await using var rig = await MusicRig.StartAsync(TestContext.CancellationToken, freeBytes: _ => full && Interlocked.Increment(ref looks) > good ? 120 * Mb : 1_000_000 * Mb);

        await rig.PostAsync("Marble Harbour - " + rig.FirstTitle());
        var waiting = await rig.UntilRowAsync(r => r.Reason?.Contains("MIN_FREE_DISK_MB", StringComparison.Ordinal) == true);
        var job = await rig.UntilAsync<string>("select state || ' ' || attempts || ' ' || coalesce(reason, '') from harmony.job where kind = 'download'", s => s.StartsWith("Scheduled", StringComparison.Ordinal));

        Assert.AreEqual(stage, waiting.Stage);
        Assert.Contains($"/{folder} has 120 MB left", waiting.Reason!, StringComparison.Ordinal);
        Assert.Contains(", 1,024 are kept free: free some space or set MIN_FREE_DISK_MB", waiting.Reason!, StringComparison.Ordinal);
        Assert.IsTrue(job.StartsWith("Scheduled 0 ", StringComparison.Ordinal), job);
        Assert.Contains(waiting.Reason!, job, StringComparison.Ordinal);
        Assert.AreEqual(1, waiting.Try);
        Assert.IsEmpty(Harmony.Jobs.Downloads.Candidates.DeniedPeers.Parse(waiting.DeniedPeers).Peers);

        full = false;
        await rig.RowsAsync<string>("select harmony.run_now(job_id) from harmony.job where kind = 'download'");
        Assert.IsTrue(File.Exists((await rig.DoneAsync()).OrganizedPath));
    }
}
