using Harmony.Jobs.Providers;
using Harmony.Jobs.Providers.Http;
using Harmony.Jobs.Providers.Lyrics;
using Harmony.Orchestrator;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Harmony.Tests.Providers;

[TestClass]
public sealed class LyricsSourcesTests(TestContext context)
{
    private static readonly LyricsQuery Query = new("The Rig Testers", "First Light", "Loopback Nights", TimeSpan.FromSeconds(30.4));

    [TestMethod]
    public async Task Lrclib_is_first_asked_for_an_exact_match()
    {
        await using var rig = await Rig.StartAsync(http => http.Json(
            """{"trackName":"First Light","artistName":"The Rig Testers","duration":30.0,"instrumental":false,"plainLyrics":"one","syncedLyrics":"[00:01.00] one"}"""));

        Assert.AreEqual(new Lyrics("[00:01.00] one\n", "one", false, "lrclib"), await rig.Lrclib.FindAsync(Query, context.CancellationToken));
        Assert.AreEqual("GET /api/get?track_name=First%20Light&artist_name=The%20Rig%20Testers&album_name=Loopback%20Nights&duration=30", rig.Server.Asked.Single());
    }

    [TestMethod]
    public async Task Search_results_of_Lrclib_are_filtered()
    {
        await using var rig = await Rig.StartAsync(http => http.Request.Path == "/api/get"
            ? NotFound(http)
            : http.Json("""
                [null,
                 {"trackName":"First Light","artistName":"The Rig Testers","duration":45,"syncedLyrics":"[00:01.00] too long"},
                 {"trackName":"First Light","artistName":"Somebody Else","duration":30,"syncedLyrics":"[00:01.00] not ours"},
                 {"trackName":"First Light","artistName":"The Rig Testers","duration":31,"plainLyrics":"only plain"},
                 {"trackName":"First light","artistName":"the rig testers","duration":32,"syncedLyrics":"[00:01.00] this"}]
                """));

        Assert.AreEqual("[00:01.00] this\n", (await rig.Lrclib.FindAsync(Query, context.CancellationToken))!.Synced);
    }

    [TestMethod]
    public async Task No_result_is_null_but_an_instrumental_is_not()
    {
        await using var none = await Rig.StartAsync(http => http.Request.Path == "/api/get" ? NotFound(http) : http.Json("[]"));
        await using var instrumental = await Rig.StartAsync(http => http.Json("""{"instrumental":true,"plainLyrics":null,"syncedLyrics":null}"""));

        Assert.IsNull(await none.Lrclib.FindAsync(Query, context.CancellationToken));
        Assert.AreEqual(new Lyrics(null, null, true, "lrclib"), await instrumental.Lrclib.FindAsync(Query, context.CancellationToken));
    }

    [TestMethod]
    [DataRow(403)]
    [DataRow(520)]
    [DataRow(500)]
    public async Task A_failed_source_is_an_error_and_not_null(int status)
    {
        await using var rig = await Rig.StartAsync(http => http.Empty(status));

        await Assert.ThrowsExactlyAsync<ProviderException>(() => rig.Lrclib.FindAsync(Query, context.CancellationToken));
    }

    [TestMethod]
    public async Task An_empty_answer_is_null()
    {
        await using var rig = await Rig.StartAsync(http => http.Empty(200));

        Assert.AreEqual("bad_reply", (await Assert.ThrowsExactlyAsync<ProviderException>(() => rig.Lrclib.FindAsync(Query, context.CancellationToken))).Code);
    }

    [TestMethod]
    public async Task Too_many_requests_wait_a_minute()
    {
        await using var rig = await Rig.StartAsync(http => http.Empty(429));

        var blocked = await Assert.ThrowsExactlyAsync<ProviderBlockedException>(() => rig.Lrclib.FindAsync(Query, context.CancellationToken));

        Assert.AreEqual(("lrclib", TimeSpan.FromSeconds(60)), (blocked.Provider, blocked.Wait));
    }

    [TestMethod]
    public async Task A_refused_connection_is_unreachable()
    {
        var rig = await Rig.StartAsync(http => http.Empty(200));
        await rig.Server.DisposeAsync();

        Assert.AreEqual("unreachable", (await Assert.ThrowsExactlyAsync<ProviderException>(() => rig.Lrclib.FindAsync(Query, context.CancellationToken))).Code);
        await rig.DisposeAsync();
    }

    [TestMethod]
    public async Task Lyrics_ovh_returns_plain_text()
    {
        await using var rig = await Rig.StartAsync(http => http.Json("""{"lyrics":"one\r\n\r\n\r\n\r\ntwo"}"""));

        Assert.AreEqual(new Lyrics(null, "one\n\ntwo", false, "lyrics_ovh"), await rig.Ovh.FindAsync(Query with { Artist = "AC/DC" }, context.CancellationToken));
        Assert.AreEqual("GET /v1/AC%2FDC/First%20Light", rig.Server.Asked.Single());
    }

    [TestMethod]
    [DataRow(404)]
    [DataRow(400)]
    [DataRow(502)]
    public async Task An_error_status_of_Lyrics_ovh_is_no_result(int status)
    {
        await using var rig = await Rig.StartAsync(http => http.Json("""{"error":"No lyrics found"}""", status));

        Assert.IsNull(await rig.Ovh.FindAsync(Query, context.CancellationToken));
    }

    private static Task NotFound(HttpContext http) =>
        http.Json("""{"message":"Failed to find specified track","name":"TrackNotFound","statusCode":404}""", 404);

    private sealed record Rig(LoopbackProvider Server, ServiceProvider Clients) : IAsyncDisposable
    {
        public ILyricsSource Lrclib => Clients.GetServices<ILyricsSource>().First();

        public ILyricsSource Ovh => Clients.GetServices<ILyricsSource>().Last();

        public static async Task<Rig> StartAsync(Func<HttpContext, Task> answer)
        {
            var server = await LoopbackProvider.StartAsync(answer);
            return new Rig(server, LoopbackProvider.Clients(new ProviderOptions { Lyrics = new LyricsOptions { LrclibBaseUrl = server.Url, LyricsOvhBaseUrl = server.Url } }));
        }

        public async ValueTask DisposeAsync()
        {
            await Clients.DisposeAsync();
            await Server.DisposeAsync();
        }
    }
}
