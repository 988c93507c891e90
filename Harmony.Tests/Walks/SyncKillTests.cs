using System.Text.Json.Nodes;
using Harmony.Tests.Postgres;

namespace Harmony.Tests.Walks;

/// <summary>Killed anywhere while artists are synced, all of them are synced in the end, and each change is audited once.</summary>
[TestClass]
public sealed class SyncKillTests
{
    private const string Audited =
        """
        select
            count(*) filter (where x.entries <> 1) as wrong,
            count(*) as things
        from (
            select
                (select count(*) from public.artist_audit u where u.entity_type = 'release' and u.entity_id = r.source_id and u.artist_key = r.artist_key) as entries
            from public.artist_releases r
            union all
            select (select count(*) from public.artist_audit u where u.entity_type = 'artist' and u.entity_id = a.artist_key)
            from public.artists a
        ) x
        """;

    private const string Unfinished =
        "select coalesce(string_agg(concat_ws(' ', job_id, state, reason_code, last_error), '; '), '') from harmony.job where kind = 'artist_sync' and state <> 'Succeeded'";

    public required TestContext TestContext { get; set; }

    [TestMethod]
    [Timeout(300_000, CooperativeCancellation = true)]
    public Task A_hundred_artists_survive_ten_kills() => RunAsync(100, 10, new Random(20_262));

    [TestMethod]
    [TestCategory("Soak")]
    [Timeout(1_200_000, CooperativeCancellation = true)]
    public Task Three_hundred_artists_survive_forty_kills() => RunAsync(300, 40, new Random(Environment.TickCount));

    private async Task RunAsync(int number, int kills, Random chance)
    {
        await using var place = await WalkPlace.CreateAsync(TestContext.CancellationToken);
        place.Environment["WATCHLIST_TIMER_ENABLED"] = "false";
        var artists = place.Sandbox.Host.Catalog.Artists.Take(number).Select(a => $"spotify:{a.Id}").ToArray();
        await using (var first = await HarmonyProcess.Start(place, "api").ReadyAsync())
        {
            // It has written the kinds down; what follows is what fifty callers would do.
            await place.ScalarAsync<long>(
                "select count(*) from unnest(@artists) k, harmony.enqueue('artist_sync', jsonb_build_object('artist_key', k))", new { artists });
        }

        // Otherwise a quick machine is done before half of the kills.
        await place.Sandbox.FaultAsync(place.Sandbox.Host.SpotifyUrl, new JsonObject { ["kind"] = "slow", ["match"] = "GET /v1/**", ["delayMs"] = 25 });
        var hits = 0;
        for (var kill = 0; kill < kills; kill++)
        {
            await using var doomed = HarmonyProcess.Start(place, "worker");
            await place.UntilAsync<long>($"select count(*) from hangfire.server where id like '%:{doomed.Id}:%'", n => n == 1, 60);
            await Task.Delay(chance.Next(100, 1500));
            hits += await place.ScalarAsync<bool>($"select exists (select from harmony.job where state = 'Processing' and worker like '%:{doomed.Id}:%')") ? 1 : 0;
            await doomed.KillAsync();
        }

        // A kill of an idle worker proves nothing.
        Assert.IsGreaterThanOrEqualTo(kills / 2, hits);
        await place.Sandbox.FaultAsync(place.Sandbox.Host.SpotifyUrl);
        await using var last = HarmonyProcess.Start(place, "worker");
        await place.UntilAsync<string>(Unfinished, s => s?.Length == 0, 120);
        Assert.AreEqual(0, await last.TermAsync());

        var (wrong, things) = await place.ScalarAsync<(long Wrong, long Things)>(Audited);
        Assert.AreEqual(0L, wrong);
        Assert.AreEqual(things, await place.ScalarAsync<long>("select count(*) from public.artist_audit"));
        Assert.AreEqual((long)artists.Length, await place.ScalarAsync<long>("select count(*) from public.artists"));
        Assert.AreEqual(0L, await place.ScalarAsync<long>("select count(*) from public.artist_releases where tracks_read_at is null"));
        await DashboardNumbers.AreRightAsync(place.Db.Database);
    }
}
