using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Harmony.Jobs.Providers;
using Harmony.Jobs.Providers.Catalogue;
using Harmony.Jobs.Providers.Http;
using Harmony.Jobs.Providers.Spotify;
using Harmony.Orchestrator;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Harmony.Tests.Providers;

/// <summary>Two sources of catalogues, each speaking HTTP of its own: the second is all that a new one needs.</summary>
[TestClass]
public sealed class CatalogueGatewayTests(TestContext context)
{
    private const string Spotify = "spotify:4mRiver0000000000000001";
    private const string Tiny = "tiny:river 1/2";

    [TestMethod]
    public async Task A_key_is_read_from_its_source()
    {
        await using var rig = await Rig.StartAsync();

        var one = await rig.Gateway.ReadAsync(Spotify, context.CancellationToken);
        var other = await rig.Gateway.ReadAsync(Tiny, context.CancellationToken);
        var album = await rig.Gateway.GetAlbumAsync(Tiny, "lp-1", context.CancellationToken);

        Assert.AreEqual("spotify River (Spotify) First", $"{one.Source} {one.Artist.Name} {one.Albums.Single().Name}");
        Assert.AreEqual("tiny River (Tiny) lp-1,lp-2", $"{other.Source} {other.Artist.Name} {string.Join(',', other.Albums.Select(a => a.Id))}");
        Assert.AreEqual("Song of lp-1", album!.Tracks.Single().Name);
        Assert.Contains("GET /tiny/artists/river%201%2F2", rig.Server.Asked);
    }

    [TestMethod]
    public async Task A_failed_source_does_not_hide_the_others()
    {
        await using var rig = await Rig.StartAsync(broken: "/tiny");

        var reading = await rig.Gateway.ReadAllAsync([Tiny, Spotify, Spotify, "plex:7"], context.CancellationToken);

        Assert.IsTrue(reading.IsPartial);
        Assert.AreEqual("spotify", reading.Artists.Single().Source);
        Assert.AreEqual($"{Tiny} server_error, plex:7 invalid_artist_key", string.Join(", ", reading.Failures.Select(f => $"{f.ArtistKey} {f.Code}")));
        Assert.IsFalse((await rig.Gateway.ReadAllAsync([Spotify], context.CancellationToken)).IsPartial);
    }

    [TestMethod]
    public async Task The_first_error_is_thrown_if_all_fail()
    {
        await using var rig = await Rig.StartAsync(broken: "/");

        var blocked = await Assert.ThrowsExactlyAsync<ProviderBlockedException>(() => rig.Gateway.ReadAllAsync([Spotify, Tiny], context.CancellationToken));
        var failed = await Assert.ThrowsExactlyAsync<ProviderException>(() => rig.Gateway.ReadAllAsync([Tiny, Spotify], context.CancellationToken));

        Assert.AreEqual(("spotify", 7), (blocked.Provider, blocked.Wait.TotalSeconds));
        Assert.AreEqual(("tiny", "server_error"), (failed.Provider, failed.Code));
    }

    [TestMethod]
    [DataRow("river", "source:id")]
    [DataRow("tiny:", "source:id")]
    [DataRow(":river", "source:id")]
    [DataRow("plex:7", "spotify, tiny")]
    public async Task A_key_without_a_source_is_permanently_refused(string key, string helps)
    {
        await using var rig = await Rig.StartAsync();

        var refused = await Assert.ThrowsExactlyAsync<PermanentJobException>(() => rig.Gateway.ReadAsync(key, context.CancellationToken));

        Assert.AreEqual("invalid_artist_key", refused.ReasonCode);
        Assert.Contains(helps, refused.Message, StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task An_artist_unknown_to_its_source_is_not_found()
    {
        await using var rig = await Rig.StartAsync();

        Assert.AreEqual("not_found", (await Assert.ThrowsExactlyAsync<PermanentJobException>(() => rig.Gateway.ReadAsync("tiny:nobody", context.CancellationToken))).ReasonCode);
    }

    /// <summary>A whole source: its wire, its refusals, its records.</summary>
    private sealed class TinySource(ProviderHttp http, Uri address) : ICatalogueSource
    {
        public string Name => "tiny";

        public ICatalogueSource With(CallOverrides overrides) => this;

        public async Task<ProviderArtist?> GetArtistAsync(string id, CancellationToken cancellationToken) =>
            await AskAsync<TinyArtist>($"artists/{Uri.EscapeDataString(id)}", "the artist", cancellationToken) is { } artist ? new ProviderArtist(id, artist.Name, [], []) : null;

        public async Task<ProviderListing?> GetListingAsync(string artistId, CancellationToken cancellationToken)
        {
            var (albums, _) = await GetArtistAlbumsAsync(artistId, 10, cancellationToken);
            return new ProviderListing(albums.Count, albums);
        }

        public async Task<ProviderDiscography> GetArtistAlbumsAsync(string artistId, int most, CancellationToken cancellationToken) =>
            new([.. (await AskAsync<TinyArtist>($"artists/{Uri.EscapeDataString(artistId)}", "the artist's albums", cancellationToken))!.Albums.Select(id => Album(id)).Take(most)], true);

        public async Task<ProviderAlbum?> GetAlbumAsync(string id, CancellationToken cancellationToken) =>
            await AskAsync<TinyAlbum>($"albums/{Uri.EscapeDataString(id)}", "the album", cancellationToken) is { } album
                ? Album(id, new ProviderTrack(id + "-1", album.Song, 1, 1, 1000, null, false, [], null))
                : null;

        private async Task<T?> AskAsync<T>(string path, string what, CancellationToken cancellationToken)
            where T : class
        {
            var client = http.To(Name, new CallLimits(TimeSpan.FromSeconds(5), 1, 10_000));
            var reply = await client.SendTwiceAsync(() => new HttpRequestMessage(HttpMethod.Get, new Uri(address, path)), what, cancellationToken);
            return (int)reply.Status == 404 ? null
                : reply.IsSuccess ? reply.ReadJson((JsonTypeInfo<T>)JsonSerializerOptions.Web.GetTypeInfo(typeof(T)))
                : throw reply.Unexpected();
        }

        private static ProviderAlbum Album(string id, params ProviderTrack[] tracks) => new(id, id, "album", null, 1, [], [], [], null, null, null, tracks);
    }

    private sealed record TinyArtist(string Name, string[] Albums);

    private sealed record TinyAlbum(string Song);

    private sealed record Rig(LoopbackProvider Server, ServiceProvider Clients) : IAsyncDisposable
    {
        public CatalogueGateway Gateway => Clients.GetRequiredService<CatalogueGateway>();

        public static async Task<Rig> StartAsync(string broken = "/none")
        {
            var server = await LoopbackProvider.StartAsync(http => Answer(http, broken));
            var options = new ProviderOptions
            {
                Spotify = new SpotifyOptions { ApiBaseUrl = new Uri(server.Url, "v1"), AccountsBaseUrl = server.Url, ClientId = "id", ClientSecret = "secret" },
            };
            return new Rig(server, LoopbackProvider.Clients(options, more: services => services.AddIntegration(
                new Integration("tiny", with => with.AddSingleton<ICatalogueSource>(p => new TinySource(p.GetRequiredService<ProviderHttp>(), new Uri(server.Url, "tiny/")))),
                "tests")));
        }

        public async ValueTask DisposeAsync()
        {
            await Clients.DisposeAsync();
            await Server.DisposeAsync();
        }

        private static Task Answer(HttpContext http, string broken)
        {
            var path = http.Request.Path.Value!;
            if (path == "/api/token")
                return http.Json("""{"access_token":"token","expires_in":3600}""");
            if (path.StartsWith(broken, StringComparison.Ordinal))
            {
                http.Response.Headers.RetryAfter = "7";
                return http.Empty(path.StartsWith("/v1", StringComparison.Ordinal) ? 429 : 502);
            }

            return path switch
            {
                _ when path.EndsWith("nobody", StringComparison.Ordinal) => http.Empty(404),
                _ when path.StartsWith("/tiny/artists", StringComparison.Ordinal) => http.Json("""{"name":"River (Tiny)","albums":["lp-1","lp-2"]}"""),
                _ when path.StartsWith("/tiny/albums", StringComparison.Ordinal) => http.Json("""{"song":"Song of lp-1"}"""),
                _ when path.EndsWith("/albums", StringComparison.Ordinal) => http.Json("""{"items":[{"id":"s1","name":"First"}],"next":null}"""),
                _ => http.Json("""{"id":"4mRiver0000000000000001","name":"River (Spotify)"}"""),
            };
        }
    }
}
