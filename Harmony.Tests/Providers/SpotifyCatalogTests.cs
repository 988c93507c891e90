using Harmony.Jobs.Providers;
using Harmony.Jobs.Providers.Catalogue;
using Harmony.Jobs.Providers.Http;
using Harmony.Jobs.Providers.Spotify;
using Harmony.Orchestrator;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Harmony.Tests.Providers;

[TestClass]
public sealed class SpotifyCatalogTests(TestContext context)
{
    private const string Id = "0TnOYISbd1XYRBk9myaseg";

    [TestMethod]
    public async Task An_album_has_all_tracks_and_no_nulls()
    {
        await using var rig = await Rig.StartAsync((http, rig) => http.Request.Path.Value!.EndsWith("/tracks", StringComparison.Ordinal)
            ? http.Json("""{"items":[null,{"id":"t3","name":"Three","disc_number":2,"track_number":1,"duration_ms":3000}],"next":null}""")
            : http.Json($$$"""
                {"id":"{{{Id}}}","name":"Album","album_type":"hologram","release_date":"1999","release_date_precision":"year","total_tracks":3,
                 "artists":[{"id":"a","name":"A"},null],"images":[null,{"url":"https://i.scdn.co/image/1","width":null,"height":640}],"genres":null,
                 "copyrights":[{"text":"℗ P","type":"P"},{"text":"© C","type":"C"}],"external_ids":{"upc":"123"},
                 "items":{"items":[{"id":"t1","name":"One","track_number":1,"duration_ms":1000.0,"artists":[{"id":"a","name":"A"}],"external_ids":{"isrc":"deabc"}},
                   {"id":null,"name":"local file"},{"item":{"id":"t2","name":null}}],"next":"{{{rig.Server.Url}}}v1/albums/x/tracks?offset=2"}}
                """));

        var album = await rig.Catalog.GetAlbumAsync(Id, context.CancellationToken);

        Assert.AreEqual(("Album", "hologram", "1999", 3), (album!.Name, album.AlbumType, album.ReleaseDate, album.TotalTracks));
        Assert.AreEqual(("© C", "123", null), (album.Copyright, album.Upc, album.Label));
        CollectionAssert.AreEqual(new[] { "t1", "t2", "t3" }, album.Tracks.Select(track => track.Id).ToArray());
        Assert.AreEqual(("DEABC", 1, "t2", 2), (album.Tracks[0].Isrc, album.Tracks[1].DiscNumber, album.Tracks[1].Name, album.Tracks[2].DiscNumber));
        Assert.AreEqual(new ProviderImage("https://i.scdn.co/image/1", null, 640), album.Images.Single());
    }

    [TestMethod]
    public async Task All_albums_of_an_artist_are_read_once()
    {
        await using var rig = await Rig.StartAsync((http, rig) => http.Request.Query["offset"] == "0"
            ? http.Json($$"""{"items":[{"id":"1","name":"x"},null,{"id":"2"}],"next":"{{rig.Server.Url}}v1/artists/{{Id}}/albums?offset=10&limit=10"}""")
            : http.Json("""{"items":[{"id":"2"},{"id":"3"}],"next":null}"""));

        var (albums, _) = await rig.Catalog.GetArtistAlbumsAsync(Id, 2000, context.CancellationToken);

        CollectionAssert.AreEqual(new[] { "1", "2", "3" }, albums.Select(album => album.Id).ToArray());
        Assert.Contains("limit=10", rig.Server.Asked[1], StringComparison.Ordinal);
    }

    [TestMethod]
    [DataRow("""{"items":[{"id":"1"},{"id":"2"}],"total":2}""", true)]
    [DataRow("""{"items":[]}""", true)]
    [DataRow("""{"albums":[{"id":"1"}],"total":1}""", true)]
    [DataRow("""{"items":[{"id":"1"},null]}""", false)]
    [DataRow("""{"items":[{"id":"1"},{"name":"without an id"}]}""", false)]
    [DataRow("""{"items":[{"id":"1"}],"total":2}""", false)]
    [DataRow("""{"items":[],"total":120}""", false)]
    public async Task A_list_with_gaps_is_not_whole(string body, bool whole)
    {
        await using var rig = await Rig.StartAsync((http, _) => http.Json(body));

        Assert.AreEqual(whole, (await rig.Catalog.GetArtistAlbumsAsync(Id, 2000, context.CancellationToken)).IsWhole);
    }

    [TestMethod]
    [DataRow("{}", 200)]
    [DataRow("""{"items":null,"total":0}""", 200)]
    [DataRow("""{"error":{"status":404}}""", 404)]
    public async Task A_reply_without_a_list_is_a_failure(string body, int status)
    {
        await using var rig = await Rig.StartAsync((http, _) => http.Json(body, status));

        Assert.AreEqual("bad_reply", (await Assert.ThrowsExactlyAsync<ProviderException>(() => rig.Catalog.GetArtistAlbumsAsync(Id, 2000, context.CancellationToken))).Code);
        if (status == 200)
            Assert.AreEqual("bad_reply", (await Assert.ThrowsExactlyAsync<ProviderException>(() => rig.Catalog.GetListingAsync(Id, context.CancellationToken))).Code);
    }

    [TestMethod]
    [DataRow("""{"id":"1","name":"Album","total_tracks":9}""")]
    [DataRow("""{"id":"1","name":"Album","total_tracks":9,"tracks":{"items":null}}""")]
    [DataRow("""{"id":"1","name":"Album"}""")]
    public async Task An_album_without_a_track_list_is_a_failure(string body)
    {
        await using var rig = await Rig.StartAsync((http, _) => http.Json(body));

        Assert.AreEqual("bad_reply", (await Assert.ThrowsExactlyAsync<ProviderException>(() => rig.Catalog.GetAlbumAsync("1", context.CancellationToken))).Code);
    }

    [TestMethod]
    [DataRow("text/plain")]
    [DataRow("application/octet-stream")]
    [DataRow("text/html")]
    public async Task JSON_with_another_content_type_is_read(string type)
    {
        await using var rig = await Rig.StartAsync((http, _) => http.Text($$"""  {"id":"{{Id}}","name":"A"}""", 200, type));

        Assert.AreEqual("A", (await rig.Catalog.GetArtistAsync(Id, context.CancellationToken))!.Name);
    }

    [TestMethod]
    public async Task NUL_characters_are_removed_from_names()
    {
        await using var rig = await Rig.StartAsync((http, _) => http.Json($$"""{"id":"{{Id}}","name":"Bj\u0000örk","genres":["art\u0000 pop"],"images":[{"url":"https://i/\u00001"}]}"""));

        var artist = (await rig.Catalog.GetArtistAsync(Id, context.CancellationToken))!;

        Assert.AreEqual(("Björk", "art pop", "https://i/1"), (artist.Name, artist.Genres.Single(), artist.Images.Single().Url));
    }

    [TestMethod]
    [DataRow("http://127.0.0.2:1/v1/artists/x/albums")]
    [DataRow("https://evil.example/v1")]
    public async Task A_page_on_another_host_never_gets_the_token(string next)
    {
        await using var rig = await Rig.StartAsync((http, _) => http.Json($$"""{"items":[{"id":"1"}],"next":"{{next}}"}"""));

        var refused = await Assert.ThrowsExactlyAsync<ProviderException>(() => rig.Catalog.GetArtistAlbumsAsync(Id, 2000, context.CancellationToken));

        Assert.AreEqual("bad_reply", refused.Code);
    }

    [TestMethod]
    public async Task A_missing_item_is_null()
    {
        await using var rig = await Rig.StartAsync((http, _) => http.Json("""{"error":{"status":404,"message":"Not found."}}""", 404));

        Assert.IsNull(await rig.Catalog.GetArtistAsync(Id, context.CancellationToken));
        Assert.IsNull(await rig.Catalog.GetAlbumAsync(Id, context.CancellationToken));
        Assert.IsNull(await rig.Catalog.GetTrackAsync(Id, context.CancellationToken));
    }

    [TestMethod]
    [DataRow("120", 120)]
    [DataRow("86400", 86_400)]
    [DataRow(null, 1800)]
    [DataRow("-1", 1800)]
    [DataRow("soon", 1800)]
    public async Task A_429_blocks_the_provider_for_its_retry_after(string? header, int seconds)
    {
        await using var rig = await Rig.StartAsync((http, _) =>
        {
            if (header is not null)
                http.Response.Headers.RetryAfter = header;

            return http.Text("Too many requests", 429);
        });

        var blocked = await Assert.ThrowsExactlyAsync<ProviderBlockedException>(() => rig.Catalog.GetArtistAsync(Id, context.CancellationToken));

        Assert.AreEqual(("spotify", TimeSpan.FromSeconds(seconds)), (blocked.Provider, blocked.Wait));
        Assert.AreEqual(header is "120" or "86400" ? null : TimeSpan.FromHours(4), blocked.LongestGuess, "what was not said is a guess");
        Assert.HasCount(2, rig.Server.Asked, "one token, one call, no second try");
    }

    [TestMethod]
    public async Task A_plain_text_403_is_shown_to_the_operator()
    {
        await using var rig = await Rig.StartAsync((http, _) => http.Text("Active premium subscription required for the owner of the app.", 403));

        var refused = await Assert.ThrowsExactlyAsync<PermanentJobException>(() => rig.Catalog.GetTrackAsync(Id, context.CancellationToken));

        Assert.AreEqual("spotify_forbidden", refused.ReasonCode);
        Assert.Contains("premium subscription", refused.Message, StringComparison.Ordinal);
    }

    [TestMethod]
    [DataRow("status", "server_error")]
    [DataRow("html", "bad_reply")]
    [DataRow("broken", "bad_reply")]
    [DataRow("null", "bad_reply")]
    [DataRow("truncated", "truncated")]
    [DataRow("slow", "timeout")]
    [DataRow("redirect", "unexpected_status")]
    [DataRow("endless", "reply_too_large")]
    public async Task Invalid_answers_are_transient_failures(string kind, string code)
    {
        await using var rig = await Rig.StartAsync((http, _) => Bad(http, kind), TimeSpan.FromSeconds(1));

        var failed = await Assert.ThrowsExactlyAsync<ProviderException>(() => rig.Catalog.GetArtistAsync(Id, context.CancellationToken));

        Assert.AreEqual(code, failed.Code);
    }

    [TestMethod]
    public async Task A_broken_connection_is_retried_once()
    {
        var calls = 0;
        await using var rig = await Rig.StartAsync((http, _) =>
        {
            if (Interlocked.Increment(ref calls) == 1)
            {
                http.Abort();
                return Task.CompletedTask;
            }

            return http.Json($$"""{"id":"{{Id}}","name":"A"}""");
        });

        Assert.AreEqual("A", (await rig.Catalog.GetArtistAsync(Id, context.CancellationToken))!.Name);
        Assert.AreEqual(2, calls);
    }

    [TestMethod]
    public async Task Concurrent_calls_share_one_token_until_it_expires()
    {
        var clock = new FakeTimeProvider();
        await using var rig = await Rig.StartAsync((http, _) => http.Json($$"""{"id":"{{Id}}"}"""), time: clock);

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => rig.Catalog.GetArtistAsync(Id, context.CancellationToken)));
        Assert.AreEqual(1, rig.Tokens);

        clock.Advance(TimeSpan.FromSeconds(3539));
        await rig.Catalog.GetArtistAsync(Id, context.CancellationToken);
        Assert.AreEqual(1, rig.Tokens, "61 s before the end the token still serves");

        clock.Advance(TimeSpan.FromSeconds(2));
        await rig.Catalog.GetArtistAsync(Id, context.CancellationToken);
        Assert.AreEqual(2, rig.Tokens, "59 s before the end it is renewed");
    }

    [TestMethod]
    public async Task A_refused_token_is_renewed_once()
    {
        await using var rig = await Rig.StartAsync((http, _) => http.Request.Headers.Authorization == "Bearer token-1"
            ? http.Json("""{"error":{"status":401}}""", 401)
            : http.Json($$"""{"id":"{{Id}}"}"""));

        Assert.IsNotNull(await rig.Catalog.GetArtistAsync(Id, context.CancellationToken));
        Assert.AreEqual(2, rig.Tokens);
    }

    [TestMethod]
    [DataRow("secret", "Basic aWQ6c2VjcmV0", "grant_type=refresh_token&refresh_token=signed-in")]
    [DataRow("", null, "grant_type=refresh_token&refresh_token=signed-in&client_id=id")]
    public async Task A_new_refresh_token_replaces_the_old_one(string secret, string? basic, string form)
    {
        var (clock, asked) = (new FakeTimeProvider(), new List<(string? Basic, string Form)>());
        await using var rig = await Rig.StartAsync((http, _) => http.Json($$"""{"id":"{{Id}}"}"""), time: clock, signIn: new(secret, "signed-in", async http =>
        {
            asked.Add((http.Request.Headers.Authorization, await new StreamReader(http.Request.Body).ReadToEndAsync()));
            await http.Json(asked.Count == 1 ? """{"access_token":"a","expires_in":3600,"refresh_token":"newer"}""" : """{"access_token":"b","expires_in":3600}""");
        }));

        for (var hour = 0; hour < 3; hour++)
        {
            await rig.Catalog.GetArtistAsync(Id, context.CancellationToken);
            clock.Advance(TimeSpan.FromHours(1));
        }

        Assert.AreEqual((basic, form), asked[0]);
        CollectionAssert.AreEqual(
            new[] { form.Replace("signed-in", "newer", StringComparison.Ordinal), form.Replace("signed-in", "newer", StringComparison.Ordinal) },
            asked.Skip(1).Select(a => a.Form).ToArray(),
            "what comes back without a new one goes on with the old");
    }

    [TestMethod]
    [DataRow("application/json", """{"error":"invalid_grant","error_description":"Refresh token revoked"}""")]
    [DataRow("text/plain", "invalid_grant")]
    public async Task An_expired_sign_in_is_checked_once_an_hour(string type, string body)
    {
        await using var rig = await Rig.StartAsync((http, _) => http.Json("{}"), signIn: new("secret", "ended-long-ago", http => http.Text(body, 400, type)));

        var blocked = await Assert.ThrowsExactlyAsync<ProviderBlockedException>(() => rig.Catalog.GetArtistAsync(Id, context.CancellationToken));

        Assert.AreEqual(("spotify", TimeSpan.FromHours(1)), (blocked.Provider, blocked.Wait));
        Assert.StartsWith("login required", blocked.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("ended-long-ago", blocked.ToString(), StringComparison.Ordinal);
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Assert.ThrowsExactlyAsync<ProviderBlockedException>(() => rig.Catalog.GetArtistAsync(Id, context.CancellationToken))));
        Assert.AreEqual("POST /api/token", rig.Server.Asked.Single(), "one question for all who were in line");
    }

    [TestMethod]
    public async Task Refused_app_credentials_are_a_permanent_error()
    {
        await using var rig = await Rig.StartAsync((http, _) => http.Json("{}"), signIn: new("wrong", "", http => http.Json("""{"error":"invalid_client"}""", 400)));

        var refused = await Assert.ThrowsExactlyAsync<PermanentJobException>(() => rig.Catalog.GetArtistAsync(Id, context.CancellationToken));

        Assert.AreEqual("spotify_credentials", refused.ReasonCode);
    }

    [TestMethod]
    public async Task Call_overrides_shorten_the_timeout_and_disable_retries()
    {
        var calls = 0;
        await using var rig = await Rig.StartAsync((http, _) =>
        {
            if (http.Request.Path.Value!.EndsWith("slow", StringComparison.Ordinal))
                return Bad(http, "slow");
            Interlocked.Increment(ref calls);
            http.Abort();
            return Task.CompletedTask;
        });
        var hasty = rig.Catalog.With(new CallOverrides(TimeSpan.FromMilliseconds(300), 0));

        Assert.AreEqual("timeout", (await Assert.ThrowsExactlyAsync<ProviderException>(() => hasty.GetArtistAsync("slow", context.CancellationToken))).Code);
        await Assert.ThrowsExactlyAsync<ProviderException>(() => hasty.GetArtistAsync(Id, context.CancellationToken));
        Assert.AreEqual(1, calls);
        await Assert.ThrowsExactlyAsync<ProviderException>(() => rig.Catalog.With(new CallOverrides()).GetArtistAsync(Id, context.CancellationToken));
        Assert.AreEqual(3, calls, "who asks for nothing of its own has the provider's two tries");
    }

    [TestMethod]
    public void The_options_do_not_print_their_secrets()
    {
        var options = new SpotifyOptions { ClientId = "id", ClientSecret = "s3cret-s3cret", RefreshToken = "t0ken-t0ken" };

        Assert.AreEqual("spotify", $"{options}");
    }

    [TestMethod]
    public async Task Every_call_sends_the_Harmony_user_agent()
    {
        var agents = new System.Collections.Concurrent.ConcurrentBag<string>();
        await using var rig = await Rig.StartAsync((http, _) =>
        {
            agents.Add(http.Request.Headers.UserAgent.ToString());
            return http.Json("""{"tracks":{"items":[]}}""");
        });

        Assert.IsEmpty(await rig.Catalog.SearchTracksAsync("artist:a & b", context.CancellationToken));

        Assert.Contains("( tests@harmony.example )", agents.Single(), StringComparison.Ordinal);
        Assert.Contains("q=artist%3Aa%20%26%20b", rig.Server.Asked[1], StringComparison.Ordinal);
    }

    private static async Task Bad(HttpContext http, string kind)
    {
        switch (kind)
        {
            case "status": await http.Text("oops", 503); break;
            case "html": await http.Text("<html>sign in</html>", 200, "text/html"); break;
            case "broken": await http.Json("{\"id\": tru"); break;
            case "null": await http.Json("null"); break;
            case "truncated": await http.Truncated(); break;
            case "slow": await Task.Delay(TimeSpan.FromSeconds(20), http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default); break;
            case "redirect": http.Response.Redirect("http://127.0.0.2:1/"); break;
            default: await http.Bytes(new byte[5 * 1024 * 1024], "application/json"); break;
        }
    }

    private sealed record SignIn(string Secret, string RefreshToken, Func<HttpContext, Task> Answer);

    private sealed class Rig : IAsyncDisposable
    {
        private int _tokens;
        private ServiceProvider _clients = null!;

        public LoopbackProvider Server { get; private set; } = null!;

        public int Tokens => _tokens;

        public SpotifyCatalog Catalog => _clients.GetRequiredService<SpotifyCatalog>();

        public static async Task<Rig> StartAsync(
            Func<HttpContext, Rig, Task> answer, TimeSpan? timeout = null, TimeProvider? time = null, SignIn? signIn = null)
        {
            var rig = new Rig();
            rig.Server = await LoopbackProvider.StartAsync(http => http.Request.Path != "/api/token" ? answer(http, rig) : signIn is null ? rig.Token(http) : signIn.Answer(http));
            rig._clients = LoopbackProvider.Clients(
                new ProviderOptions
                {
                    Contact = "tests@harmony.example",
                    Spotify = new SpotifyOptions
                    {
                        ApiBaseUrl = new Uri(rig.Server.Url, "v1"),
                        AccountsBaseUrl = rig.Server.Url,
                        ClientId = "id",
                        ClientSecret = signIn?.Secret ?? "secret",
                        RefreshToken = signIn?.RefreshToken ?? "",
                        Timeout = timeout ?? TimeSpan.FromSeconds(15),
                    },
                },
                time);
            return rig;
        }

        public async ValueTask DisposeAsync()
        {
            await _clients.DisposeAsync();
            await Server.DisposeAsync();
        }

        private Task Token(HttpContext http) =>
            http.Request.Headers.Authorization == "Basic aWQ6c2VjcmV0"
                ? http.Json($$"""{"access_token":"token-{{Interlocked.Increment(ref _tokens)}}","token_type":"Bearer","expires_in":3600}""")
                : http.Json("""{"error":"invalid_client"}""", 400);
    }
}
