using Harmony.Data.Backfill;
using Harmony.Data.Downloads;
using Harmony.Data.Ingest;
using Harmony.Jobs.Backfill;
using Harmony.Jobs.Ingest;
using Harmony.Sandbox.Catalog;
using Harmony.Tests.Postgres;

namespace Harmony.Tests.Walks;

[TestClass]
public sealed class BackfillWalkTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [Timeout(300_000, CooperativeCancellation = true)]
    public async Task Posted_lines_become_files_or_are_reported_unknown()
    {
        var cancellationToken = TestContext.CancellationToken;
        await using var rig = await MusicRig.StartAsync(cancellationToken);
        var tracks = rig.Sandbox.Host.Catalog.Artist(SandboxCatalog.WatchedArtistIds[1])!.Releases[0].Tracks.Take(2).ToList();
        string[] lines = [.. tracks.Select(t => $"{t.ArtistName} - {t.Title}"), "Nobody Ever - Not A Song", "no dash", $"{tracks[0].ArtistName} - {tracks[0].Title}"];

        var receipt = await rig.Get<IngestRequests>().ImportAsync(lines, null, cancellationToken);
        var first = await rig.Get<BackfillRequests>().RunAsync(null, true, true, "test", cancellationToken);
        await rig.UntilAsync<string>($"select state from public.backfill_jobs where id = '{first}'", s => s == "completed");
        await rig.SettledAsync();

        Assert.AreEqual((3, 2), (receipt.AcceptedTracks, receipt.SkippedTracks));
        var run = await rig.Get<BackfillRepository>().FindAsync(first, cancellationToken);
        Assert.AreEqual((3, 3, 2, 0), (run!.Requested, run.Processed, run.Matched, run.CacheHits));
        var job = await rig.Get<IngestRepository>().FindJobAsync(receipt.JobId!, cancellationToken);
        Assert.AreEqual(("completed", 2L, 1L), (job!.State, job.Completed, job.Failed));
        Assert.AreEqual("no_match", (await rig.RowsAsync<string>("select error from public.ingest_items where state = 'failed'")).Single());
        Assert.IsTrue((await rig.Get<DownloadsRepository>().ListAsync([], 10, 0, cancellationToken)).All(d => d.Stage == DownloadStage.Done));

        var again = await rig.PostAsync(lines[0]);
        await rig.UntilAsync<string>($"select state from public.ingest_items where job_id = '{again}'", s => s == "completed");
        Assert.AreEqual(1, (await rig.Get<BackfillRepository>().ListAsync(1, cancellationToken)).Single().CacheHits);
        Assert.AreEqual(2L, await rig.Get<DownloadsRepository>().CountAsync([], cancellationToken));
        await DashboardNumbers.AreRightAsync(rig.Db.Database);
    }
}
