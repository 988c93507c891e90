using System.Text.Json.Nodes;
using Harmony.Data.Downloads;
using Harmony.Jobs.Artists.Watch;
using Harmony.Jobs.Downloads;
using Harmony.Sandbox.Catalog;
using Harmony.Tests.Postgres;

namespace Harmony.Tests.Walks;

/// <summary>A track that no peer offers is no failure: it stays wanted, and is searched again.</summary>
[TestClass]
public sealed class WantedWalkTests
{
    public required TestContext TestContext { get; set; }

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestMethod]
    [Timeout(300_000, CooperativeCancellation = true)]
    public async Task A_track_nobody_offers_waits_and_is_found_later()
    {
        await using var rig = await MusicRig.StartAsync(Ct);
        await FaultAsync(rig, "noAnswers");
        await rig.PostAsync("Marble Harbour - " + rig.FirstTitle());
        var first = await rig.UntilRowAsync(r => r.Searches == 1);

        await rig.UntilAsync<long>("select count(*) from harmony.job where kind = 'download' and state = 'Scheduled'", n => n == 1);
        await rig.RowsAsync<long>("update public.downloads set next_search_at = harmony.now() returning id");
        await rig.RowsAsync<string>("select harmony.run_now(job_id) from harmony.job where kind = 'download' and state = 'Scheduled'");
        var second = await rig.UntilRowAsync(r => r.Searches == 2);

        Assert.AreEqual((DownloadState.Queued, DownloadStage.Wanted), (first.State, first.Stage));
        Assert.IsTrue(first.NextSearchIn > TimeSpan.FromMinutes(40) && first.NextSearchIn <= TimeSpan.FromHours(1), $"{first.NextSearchIn}");
        Assert.IsTrue(second.NextSearchIn > TimeSpan.FromMinutes(90) && second.NextSearchIn <= TimeSpan.FromHours(2), $"{second.NextSearchIn}");
        StringAssert.StartsWith(second.Reason, "No peer on Soulseek offers Marble Harbour", StringComparison.Ordinal);
        Assert.AreEqual(0L, (await rig.RowsAsync<long>("select count(*) from harmony.job_event where to_state = 'Failed'")).Single());

        await rig.Sandbox.FaultAsync(rig.Sandbox.Host.SlskdUrl);
        Assert.AreEqual(new WantedChange(1, 1), await rig.Get<WantedOperations>().SearchNowAsync("ada", null, Ct));
        var done = await rig.DoneAsync();

        Assert.IsTrue(File.Exists(done.OrganizedPath));
        Assert.AreEqual("ada", (await rig.RowsAsync<string>("select actor from harmony.operator_action where action = 'search_now'")).Single());
        await DashboardNumbers.AreRightAsync(rig.Db.Database);
    }

    [TestMethod]
    [Timeout(300_000, CooperativeCancellation = true)]
    public async Task Wanted_tracks_end_when_their_artist_is_unwatched()
    {
        await using var rig = await MusicRig.StartAsync(Ct);
        await FaultAsync(rig, "noAnswers");
        await rig.WatchAsync(SandboxCatalog.WatchedArtistIds[0]);
        await rig.UntilAsync<long>("select count(*) from public.downloads where searches = 1", n => n >= 3, 240);

        await rig.Get<WatchlistOperations>().UnwatchAsync("ada", $"spotify:{SandboxCatalog.WatchedArtistIds[0]}", Ct);

        await rig.UntilAsync<long>("select count(*) from public.downloads where state = 'cancelled' and searches > 0", n => n >= 3);
        Assert.AreEqual(0L, (await rig.RowsAsync<long>("select count(*) from harmony.job where state = 'Failed'")).Single());
    }

    [TestMethod]
    [Timeout(300_000, CooperativeCancellation = true)]
    public async Task A_found_release_is_judged_by_all_its_wanted_tracks()
    {
        await using var rig = await MusicRig.StartAsync(Ct);
        await FaultAsync(rig, "noAnswers");
        await rig.WatchAsync(SandboxCatalog.WatchedArtistIds[0]);
        await rig.UntilAsync<long>(
            "select count(*) filter (where searches = 1 and stage = 'wanted') - count(*) filter (where searches <> 1) from public.downloads", n => n >= 8, 280);
        var release = (await rig.RowsAsync<long>("select release_id from public.downloads group by release_id order by count(*) desc, release_id limit 1")).Single();
        var tracks = await rig.Get<DownloadsRepository>().ListOfReleaseAsync(release, Ct);

        await rig.Sandbox.FaultAsync(rig.Sandbox.Host.SlskdUrl);
        var searches = await SearchesAsync(rig);
        await rig.Get<WantedOperations>().SearchNowAsync("ada", [tracks[0].Id], Ct);

        // The last track of an album is missing at some peers, so one may stay wanted.
        await rig.UntilAsync<long>($"select count(*) from public.downloads where release_id = {release} and state = 'completed'", n => n >= tracks.Count - 1);
        Assert.IsTrue(await SearchesAsync(rig) - searches <= 2, "one search served all tracks");
    }

    [TestMethod]
    [Timeout(300_000, CooperativeCancellation = true)]
    public async Task A_search_that_slskd_ended_as_errored_is_repeated()
    {
        await using var rig = await MusicRig.StartAsync(Ct);
        await FaultAsync(rig, "searchErrored", times: 1);
        await rig.PostAsync("Marble Harbour - " + rig.FirstTitle());

        var done = await rig.DoneAsync();

        Assert.AreEqual(0, done.Searches, "it says nothing about the track");
        Assert.AreEqual(1L, (await rig.RowsAsync<long>("select count(*) from harmony.job_event e join harmony.job j using (job_id) where j.kind = 'search' and e.to_state = 'Failed'")).Single());
    }

    [TestMethod]
    [Timeout(300_000, CooperativeCancellation = true)]
    public async Task A_refused_key_delays_and_ends_nothing()
    {
        await using var rig = await MusicRig.StartAsync(Ct);
        await rig.Sandbox.FaultAsync(
            rig.Sandbox.Host.SlskdUrl, new JsonObject { ["kind"] = "status", ["match"] = "GET /api/v0/transfers/downloads", ["status"] = 401 });
        await rig.PostAsync("Marble Harbour - " + rig.FirstTitle());

        await rig.UntilAsync<string>("select coalesce(max(reason), '') from harmony.provider_gate where provider = 'slskd'", r => r.Contains("SLSKD_API_KEY", StringComparison.Ordinal));
        await rig.Sandbox.FaultAsync(rig.Sandbox.Host.SlskdUrl);
        await rig.RowsAsync<string>("select harmony.gate_reset('slskd')::text");

        Assert.IsTrue(File.Exists((await rig.DoneAsync()).OrganizedPath));
        Assert.AreEqual(0L, (await rig.RowsAsync<long>("select count(*) from harmony.job_event where to_state = 'Failed'")).Single());
    }

    [TestMethod]
    [Timeout(300_000, CooperativeCancellation = true)]
    public async Task A_track_ordered_by_name_reaches_the_library()
    {
        await using var rig = await MusicRig.StartAsync(Ct);
        var order = new TrackOrder(0, "Marble Harbour", rig.FirstTitle(), null, null, null, 10);

        await rig.Get<DownloadOperations>().OrderAsync("ada", "ada", [order], Ct);
        var done = await rig.DoneAsync();
        await rig.SettledAsync();

        Assert.IsTrue(File.Exists(done.OrganizedPath));
        Assert.AreEqual(0L, (await rig.RowsAsync<long>("select count(*) from harmony.job where state = 'Failed'")).Single());
        Assert.IsTrue((await rig.Get<DownloadOperations>().OrderAsync("ada", "ada", [order], Ct)).Single().AlreadyKnown);
    }

    [TestMethod]
    [Timeout(300_000, CooperativeCancellation = true)]
    public async Task Stopped_tracks_are_cancelled()
    {
        await using var rig = await MusicRig.StartAsync(Ct);
        await FaultAsync(rig, "noAnswers");
        await rig.PostAsync("Marble Harbour - " + rig.FirstTitle());
        var row = await rig.UntilRowAsync(r => r.Searches == 1);
        await rig.UntilAsync<long>("select count(*) from harmony.job where kind = 'download' and state = 'Scheduled'", n => n == 1);

        Assert.AreEqual(new WantedChange(2, 1), await rig.Get<WantedOperations>().StopAsync("ada", [row.Id, 4711], Ct));

        Assert.AreEqual(DownloadState.Cancelled, (await rig.UntilRowAsync(r => !r.IsLive)).State);
    }

    private static Task FaultAsync(MusicRig rig, string kind, int? times = null)
    {
        var fault = new JsonObject { ["kind"] = kind };
        if (times is not null)
            fault["times"] = times;

        return rig.Sandbox.FaultAsync(rig.Sandbox.Host.SlskdUrl, fault);
    }

    private static async Task<long> SearchesAsync(MusicRig rig) =>
        (await rig.RowsAsync<long>("select count(*) from harmony.job_event e join harmony.job j using (job_id) where j.kind = 'search' and e.to_state = 'Processing'")).Single();
}
