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
    public async Task A_download_whose_peers_are_offline_asks_them_again()
    {
        await using var rig = await MusicRig.StartAsync(TestContext.CancellationToken);
        await rig.Sandbox.FaultAsync(rig.Sandbox.Host.SlskdUrl, new JsonObject { ["kind"] = "userOffline" });

        await rig.PostAsync("Marble Harbour - " + rig.FirstTitle());
        var waiting = await rig.UntilRowAsync(r => r.Reason?.StartsWith("only ", StringComparison.Ordinal) == true);

        Assert.AreEqual(DownloadState.Queued, waiting.State);
        Assert.IsNotEmpty(DeniedPeers.Parse(waiting.DeniedPeers).Peers);
        Assert.AreEqual("queued", (await rig.RowsAsync<string>("select state from public.ingest_items")).Single());
        Assert.AreEqual(0L, (await rig.RowsAsync<long>("select count(*) from harmony.job_event where to_state = 'Failed'")).Single());

        await rig.Sandbox.FaultAsync(rig.Sandbox.Host.SlskdUrl);
        // As after the two minutes for which these peers are left alone.
        await rig.RowsAsync<long>(
            """
            update public.downloads d
            set denied_peers = (
                select jsonb_agg(p || jsonb_build_object('until', harmony.now() - interval '1 second'))
                from jsonb_array_elements(d.denied_peers) p)
            returning d.id
            """);
        await rig.RowsAsync<string>("select harmony.run_now(job_id) from harmony.job where kind = 'download'");
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
        await rig.UntilRowAsync(r => r.SlskdBatchId is null);
        Assert.AreEqual("[]", (await rig.Sandbox.SlskdAsync(HttpMethod.Get, "/transfers/downloads")).Body!.ToJsonString(), "slskd does not go on with it");
        Assert.IsFalse(Directory.Exists(Path.Combine(rig.DownloadsDir, "harmony", $"{row.Id}-{row.Try}")));
        await DashboardNumbers.AreRightAsync(rig.Db.Database);
    }

    [TestMethod]
    [Timeout(300_000, CooperativeCancellation = true)]
    public async Task Two_downloads_of_one_remote_file_take_turns()
    {
        await using var rig = await MusicRig.StartAsync(TestContext.CancellationToken, speed: 2);
        await rig.PostAsync("Marble Harbour - " + rig.FirstTitle());
        var first = await rig.UntilRowAsync(r => r.Stage is DownloadStage.Requested or DownloadStage.Transferring);
        var second = (await rig.RowsAsync<long>(
            """
            insert into public.downloads (artist, title, album, duration_ms)
            select d.artist, d.title, d.album, d.duration_ms
            from public.downloads d
            returning id
            """)).Single();
        await rig.Get<JobQueue>().EnqueueAsync(new DownloadArgs(second), null, TestContext.CancellationToken);

        await rig.UntilAsync<string>(
            $"select coalesce(reason, '') from public.downloads where id = {second}",
            reason => reason.StartsWith($"waiting for download {first.Id}, which fetches the same file", StringComparison.Ordinal));
        await rig.UntilAsync<long>("select count(*) from public.downloads where stage = 'done'", n => n == 2, 200);

        Assert.AreEqual("[]; []", (await rig.RowsAsync<string>("select string_agg(denied_peers::text, '; ' order by id) from public.downloads")).Single());
    }

    [TestMethod]
    [Timeout(300_000, CooperativeCancellation = true)]
    public async Task A_failed_search_is_repeated_later_and_not_counted()
    {
        await using var rig = await MusicRig.StartAsync(TestContext.CancellationToken);
        await rig.Sandbox.FaultAsync(
            rig.Sandbox.Host.SlskdUrl,
            new JsonObject { ["kind"] = "status", ["match"] = "POST /api/v0/searches", ["status"] = 400, ["times"] = 1 });

        await rig.PostAsync("Marble Harbour - " + rig.FirstTitle());
        var row = await rig.UntilRowAsync(r => r.NextSearchAt is not null);

        StringAssert.Contains(row.Reason, "slskd did not accept", StringComparison.Ordinal);
        Assert.AreEqual((DownloadStage.Wanted, 0, 0), (row.Stage, row.Searches, row.RetryCount));

        await rig.UntilAsync<long>("select count(*) from harmony.job where kind = 'download' and state = 'Scheduled'", n => n == 1);
        await rig.RowsAsync<long>("update public.downloads set next_search_at = harmony.now() returning id");

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
