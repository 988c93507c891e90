using Harmony.Jobs.Files;
using Harmony.Sandbox.Catalog;
using Harmony.Tests.Postgres;

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

    // What a kill found.
    private const string Interrupted =
        """
        select concat(
            (select count(*) from public.downloads d where d.state = 'completed'), ' completed, interrupted: ',
            (
                select string_agg(running.kinds, ', ')
                from (
                    select concat(count(*), ' ', l.kind) as kinds
                    from harmony.job l
                    where l.state = 'Processing'
                    group by l.kind
                ) running
            ))
        """;

    // What a failed walk has to say for itself.
    private const string Unfinished =
        """
        select string_agg(concat_ws(' ', l.job_id, l.kind, l.args, l.state, l.reason_code, l.last_error, h.path), e'\n' order by l.job_id)
        from harmony.job l
        cross join lateral (
            select string_agg(concat_ws(' ', to_char(e.at, 'MI:SS.MS'), e.to_state, e.reason), ' > ' order by e.event_id) as path
            from harmony.job_event e
            where e.job_id = l.job_id
        ) h
        where l.state not in ('Succeeded', 'Deleted')
        """;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [Timeout(300_000, CooperativeCancellation = true)]
    public Task Fifty_tracks_survive_four_kills() => RunAsync(4, speed: 4, new Random(20_261));

    [TestMethod]
    [TestCategory("Soak")]
    [Timeout(1_200_000, CooperativeCancellation = true)]
    public Task Fifty_tracks_survive_twenty_kills() => RunAsync(20, speed: 0.35, new Random(Environment.TickCount));

    private static Task JoinedAsync(WalkPlace place, HarmonyProcess worker) =>
        place.UntilAsync<long>($"select count(*) from hangfire.server where id like '%:{worker.Id}:%'", n => n == 1, 60);

    private async Task RunAsync(int kills, double speed, Random chance)
    {
        await using var place = await WalkPlace.CreateAsync(TestContext.CancellationToken, speed);
        await using (var api = await HarmonyProcess.Start(place, "api").ReadyAsync())
        {
            using var added = await api.PostAsync(
                "/api/v1/watchlist", new { artist_key = "spotify:" + SandboxCatalog.FiftyTrackArtistId, backlog = "all" });
            Assert.AreEqual(201, (int)added.StatusCode, await added.Content.ReadAsStringAsync());
        }

        var hits = 0;
        for (var kill = 0; kill < kills; kill++)
        {
            await using var doomed = HarmonyProcess.Start(place, "worker");
            await JoinedAsync(place, doomed);

            // Two kills may fall into the sync; three in a row without a result would rightly make it a dead letter.
            if (kill == 2)
                await place.UntilAsync<long>("select count(*) from public.downloads", n => n == 50, 60);

            // Every fifth process lives long enough to take what two others died with: until then that waits (ADR 5).
            await Task.Delay(kill % 5 == 4 ? chance.Next(15_000, 18_000) : chance.Next(300, 9500));
            hits += await place.ScalarAsync<bool>($"select exists (select from harmony.job where state = 'Processing' and worker like '%:{doomed.Id}:%')") ? 1 : 0;
            await doomed.KillAsync();
            TestContext.WriteLine($"kill {kill + 1}: {await place.ScalarAsync<string>(Interrupted)}");
        }

        // A kill of an idle worker proves nothing.
        Assert.IsGreaterThanOrEqualTo(kills / 3, hits);
        await using var last = HarmonyProcess.Start(place, "worker");
        await JoinedAsync(place, last);
        try
        {
            await place.UntilAsync<long>("select count(*) from public.downloads where state = 'completed'", n => n == 50, 200);
            // A daily schedule fires at midnight and lets its job start up to hours later: such a job is not part of the walk.
            await place.UntilAsync<long>(
                """
                select count(*)
                from harmony.job
                where kind <> 'transfer_poll'
                    and state not in ('Succeeded', 'Deleted')
                    and not (state = 'Scheduled' and schedule is not null and due_at > harmony.now())
                """,
                n => n == 0,
                60);
        }
        catch (AssertFailedException)
        {
            TestContext.WriteLine(await place.ScalarAsync<string>(Unfinished));
            throw;
        }

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
        await DashboardNumbers.AreRightAsync(place.Db.Database);
        var tmp = Path.Combine(place.MusicDir, ".harmony", "tmp");
        Assert.IsFalse(Directory.Exists(tmp) && Directory.EnumerateFiles(tmp).Any(), "half-made files were left behind");
    }
}
