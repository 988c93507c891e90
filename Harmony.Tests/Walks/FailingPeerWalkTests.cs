using System.Text.Json.Nodes;
using Harmony.Data.Downloads;
using Harmony.Jobs.Downloads;
using Harmony.Jobs.Downloads.Candidates;
using Harmony.Jobs.Files;
using Harmony.Orchestrator;
using Harmony.Tests.Postgres;

namespace Harmony.Tests.Walks;

[TestClass]
public sealed class FailingPeerWalkTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow("transferRejected", "transfer_rejected")]
    [DataRow("corrupt", "corrupt")]
    [DataRow("userOffline", "user_offline")]
    [Timeout(300_000, CooperativeCancellation = true)]
    public async Task A_failed_peer_is_replaced_without_an_attempt(string fault, string reason)
    {
        await using var rig = await MusicRig.StartAsync(TestContext.CancellationToken);
        await rig.Sandbox.FaultAsync(rig.Sandbox.Host.SlskdUrl, new JsonObject { ["kind"] = fault, ["times"] = 1 });

        await rig.PostAsync("Marble Harbour - " + rig.FirstTitle());
        var row = await rig.DoneAsync();

        var denied = DeniedPeers.Parse(row.DeniedPeers).Peers.Single();
        Assert.AreEqual(reason, denied.Reason);
        Assert.AreNotEqual(denied.Username, row.Username);
        Assert.AreEqual(2, row.Try);
        Assert.AreEqual(0L, (await rig.RowsAsync<long>("select coalesce(sum(attempts), 0)::bigint from harmony.job where kind = 'download'")).Single());
        Assert.HasCount(1, rig.Music("*.flac").Concat(rig.Music("*.mp3")).ToList());
        await DashboardNumbers.AreRightAsync(rig.Db.Database);
    }

    [TestMethod]
    [Timeout(300_000, CooperativeCancellation = true)]
    public async Task A_stalled_transfer_is_abandoned_after_its_timeout()
    {
        await using var rig = await MusicRig.StartAsync(
            TestContext.CancellationToken, limits: new TransferLimits { Progress = TimeSpan.FromSeconds(2) });
        await rig.Sandbox.FaultAsync(rig.Sandbox.Host.SlskdUrl, new JsonObject { ["kind"] = "transferStall", ["percent"] = 40, ["times"] = 1 });

        await rig.PostAsync("Marble Harbour - " + rig.FirstTitle());
        var row = await rig.DoneAsync();

        Assert.AreEqual("no_progress", DeniedPeers.Parse(row.DeniedPeers).Peers.Single().Reason);
        await DashboardNumbers.AreRightAsync(rig.Db.Database);
    }

    [TestMethod]
    [Timeout(300_000, CooperativeCancellation = true)]
    public async Task A_download_without_peers_is_dead_lettered_and_requeueable()
    {
        await using var rig = await MusicRig.StartAsync(TestContext.CancellationToken, noCandidateAttempts: 1);
        await rig.Sandbox.FaultAsync(rig.Sandbox.Host.SlskdUrl, new JsonObject { ["kind"] = "userOffline" });

        await rig.PostAsync("Marble Harbour - " + rig.FirstTitle());
        var dead = await rig.UntilRowAsync(r => r.State == DownloadState.DeadLetter);

        Assert.AreEqual("no_candidate", dead.Reason);
        Assert.IsNotEmpty(DeniedPeers.Parse(dead.DeniedPeers).Peers);
        Assert.AreEqual("failed", (await rig.RowsAsync<string>("select state from public.ingest_items")).Single());

        await rig.Sandbox.FaultAsync(rig.Sandbox.Host.SlskdUrl);
        await rig.RowsAsync<string>("select outcome from harmony.requeue(kind => 'download')");
        var row = await rig.DoneAsync();

        Assert.IsTrue(File.Exists(row.OrganizedPath));
        Assert.AreEqual("completed", (await rig.RowsAsync<string>("select state from public.ingest_items")).Single());
        await DashboardNumbers.AreRightAsync(rig.Db.Database);
    }

    [TestMethod]
    [Timeout(300_000, CooperativeCancellation = true)]
    public async Task A_file_moved_before_the_commit_is_recognised()
    {
        await using var rig = await MusicRig.StartAsync(TestContext.CancellationToken);
        await rig.PostAsync("Marble Harbour - " + rig.FirstTitle());
        var first = await rig.DoneAsync();
        await rig.SettledAsync();

        // As a kill between the move and the commit leaves it: the copy gone, the file in its place, the row behind.
        await rig.RowsAsync<long>(
            """
            update public.downloads
            set state = 'downloading', stage = 'tagged', landed_path = '/gone/01.flac', organized_path = null, completed_at = null
            returning id
            """);
        await rig.Get<JobQueue>().EnqueueAsync(new DownloadArgs(first.Id), null, TestContext.CancellationToken);
        var second = await rig.DoneAsync();

        Assert.AreEqual(first.OrganizedPath, second.OrganizedPath);
        Assert.AreEqual(second.SpotifyTrackId, AudioTags.Read(second.OrganizedPath!).SpotifyTrackId);
        Assert.HasCount(1, rig.Music("*.flac").Concat(rig.Music("*.mp3")).ToList());
        Assert.AreEqual(1, second.Try);
        await DashboardNumbers.AreRightAsync(rig.Db.Database);
    }

    [TestMethod]
    [Timeout(300_000, CooperativeCancellation = true)]
    public async Task A_lost_tagged_copy_is_made_again()
    {
        await using var rig = await MusicRig.StartAsync(TestContext.CancellationToken);
        await rig.PostAsync("Marble Harbour - " + rig.FirstTitle());
        var first = await rig.DoneAsync();
        await rig.SettledAsync();

        var landed = Path.Combine(rig.DownloadsDir, "harmony", $"{first.Id}-{first.Try}", "01" + Path.GetExtension(first.OrganizedPath));
        Directory.CreateDirectory(Path.GetDirectoryName(landed)!);
        File.Move(first.OrganizedPath!, landed);
        await rig.RowsAsync<long>(
            """
            update public.downloads
            set state = 'downloading', stage = 'tagged', organized_path = null, completed_at = null, landed_path = @landed,
                candidate = jsonb_set(candidate, '{size}', to_jsonb(cast(@size as bigint)))
            returning id
            """,
            new { landed, size = new FileInfo(landed).Length });
        await rig.Get<JobQueue>().EnqueueAsync(new DownloadArgs(first.Id), null, TestContext.CancellationToken);
        var second = await rig.DoneAsync();

        Assert.AreEqual(first.OrganizedPath, second.OrganizedPath);
        Assert.AreEqual(1, second.Try);
        Assert.IsFalse(File.Exists(landed));
        await DashboardNumbers.AreRightAsync(rig.Db.Database);
    }

    [TestMethod]
    [Timeout(300_000, CooperativeCancellation = true)]
    public async Task A_cancelled_job_cancels_its_download()
    {
        await using var rig = await MusicRig.StartAsync(TestContext.CancellationToken);
        await rig.Sandbox.FaultAsync(rig.Sandbox.Host.SlskdUrl, new JsonObject { ["kind"] = "queuedForever" });
        await rig.PostAsync("Marble Harbour - " + rig.FirstTitle());
        await rig.UntilRowAsync(r => r.TransferState == "Queued, Remotely");

        await rig.RowsAsync<string>("select harmony.cancel(job_id) from harmony.job where kind = 'download'");
        var row = await rig.UntilRowAsync(r => r.State == DownloadState.Cancelled);

        Assert.AreEqual("cancelled", row.Reason);
        await DashboardNumbers.AreRightAsync(rig.Db.Database);
    }

    [TestMethod]
    [Timeout(300_000, CooperativeCancellation = true)]
    public async Task A_failed_search_fails_its_waiting_download()
    {
        await using var rig = await MusicRig.StartAsync(TestContext.CancellationToken);
        await rig.Sandbox.FaultAsync(
            rig.Sandbox.Host.SlskdUrl,
            new JsonObject { ["kind"] = "status", ["match"] = "POST /api/v0/searches", ["status"] = 401, ["times"] = 1 });

        await rig.PostAsync("Marble Harbour - " + rig.FirstTitle());
        var row = await rig.UntilRowAsync(r => r.RetryCount == 1);

        StringAssert.Contains(row.LastError, "SLSKD_API_KEY", StringComparison.Ordinal);
        Assert.AreEqual(DownloadStage.Wanted, row.Stage);
        Assert.IsNotNull(row.NextRetryAt);

        await rig.RowsAsync<string>("select harmony.run_now(job_id) from harmony.job where kind = 'download'");
        Assert.IsTrue(File.Exists((await rig.DoneAsync()).OrganizedPath));
        await DashboardNumbers.AreRightAsync(rig.Db.Database);
    }

    [TestMethod]
    [Timeout(300_000, CooperativeCancellation = true)]
    public async Task A_crash_looped_poller_restarts_for_open_transfers()
    {
        await using var rig = await MusicRig.StartAsync(TestContext.CancellationToken);
        await rig.Sandbox.FaultAsync(rig.Sandbox.Host.SlskdUrl, new JsonObject { ["kind"] = "queuedForever", ["times"] = 1 });
        await rig.PostAsync("Marble Harbour - " + rig.FirstTitle());
        await rig.UntilRowAsync(r => r.Stage is DownloadStage.Requested or DownloadStage.Transferring);

        // The ending of a crash loop, as the engine writes it.
        await rig.RowsAsync<string>(
            """
            update harmony.job
            set state = 'Failed', reason_code = 'crash_loop', claim = null
            where kind = 'transfer_poll'
            returning kind
            """);

        await rig.UntilAsync<long>("select count(*) from harmony.job where kind = 'transfer_poll' and claim is not null", n => n == 1);
    }
}
