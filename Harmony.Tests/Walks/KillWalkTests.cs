using Harmony.Jobs.Files;
using Harmony.Sandbox.Catalog;

namespace Harmony.Tests.Walks;

/// <summary>Walk 4: killed anywhere, the work goes on where it was, and nothing happens twice.</summary>
[TestClass]
public sealed class KillWalkTests
{
    private const string Unbroken =
        """
        select count(*)
        from (
            select
                e.from_state,
                lag(e.to_state) over (partition by e.job_id order by e.event_id) as before
            from harmony.job_event e
        ) steps
        where steps.from_state is distinct from steps.before
        """;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [Timeout(300_000, CooperativeCancellation = true)]
    public Task Fifty_tracks_survive_four_kills() => RunAsync(4, new Random(20_261));

    [TestMethod]
    [TestCategory("Soak")]
    [Timeout(1_200_000, CooperativeCancellation = true)]
    public Task Fifty_tracks_survive_twenty_kills() => RunAsync(20, new Random(Environment.TickCount));

    private async Task RunAsync(int kills, Random chance)
    {
        await using var place = await WalkPlace.CreateAsync(TestContext.CancellationToken, speed: 4);
        await using (var api = await HarmonyProcess.Start(place, "api").ReadyAsync())
        {
            using var added = await api.PostAsync(
                "/api/v1/watchlist", new { artist_key = "spotify:" + SandboxCatalog.FiftyTrackArtistId, backlog = "all" });
            Assert.AreEqual(201, (int)added.StatusCode, await added.Content.ReadAsStringAsync());
        }

        for (var kill = 0; kill < kills; kill++)
        {
            await using var doomed = HarmonyProcess.Start(place, "worker");
            await place.UntilAsync<long>("select count(*) from hangfire.server where id like '%:' || @pid || ':%'".Replace("@pid", $"'{doomed.Id}'", StringComparison.Ordinal), n => n == 1, 60);

            // Two kills may fall into the sync; three in a row without a result would rightly make it a dead letter.
            if (kill == 2)
                await place.UntilAsync<long>("select count(*) from public.downloads", n => n == 50, 60);
            await Task.Delay(chance.Next(300, 6000));
            await doomed.KillAsync();
        }

        await using var last = HarmonyProcess.Start(place, "worker");
        await place.UntilAsync<long>("select count(*) from public.downloads where state = 'completed'", n => n == 50, 200);
        await place.UntilAsync<long>(
            "select count(*) from harmony.job where kind <> 'transfer_poll' and state not in ('Succeeded', 'Deleted')", n => n == 0, 60);
        Assert.AreEqual(0, await last.TermAsync());

        var files = place.Shelf();
        Assert.HasCount(50, files);
        Assert.AreEqual(50, files.Select(f => AudioTags.Read(f).SpotifyTrackId).Distinct().Count());
        foreach (var file in files)
            Assert.IsTrue(AudioVerify.Check(file, new FileInfo(file).Length, null).Ok, file);
        Assert.AreEqual(0L, await place.ScalarAsync<long>(Unbroken), "a transition is missing from harmony.job_event");
        Assert.AreEqual(
            0L,
            await place.ScalarAsync<long>("select count(*) from hangfire.state s where not exists (select from harmony.job_event e where e.state_id = s.id)"));
        var tmp = Path.Combine(place.MusicDir, ".harmony", "tmp");
        Assert.IsFalse(Directory.Exists(tmp) && Directory.EnumerateFiles(tmp).Any(), "half-made files were left behind");
    }
}
