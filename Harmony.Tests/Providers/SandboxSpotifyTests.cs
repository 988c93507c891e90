using System.Buffers.Binary;
using Harmony.Sandbox.Catalog;

namespace Harmony.Tests.Providers;

[TestClass]
public sealed class SandboxSpotifyTests
{
    private static SandboxRig _rig = null!;

    [ClassInitialize]
    public static async Task StartAsync(TestContext context) => _rig = await SandboxRig.StartAsync(context.CancellationToken);

    [ClassCleanup]
    public static async Task StopAsync() => await _rig.DisposeAsync();

    [TestMethod]
    public async Task Without_a_bearer_the_answer_is_401()
    {
        var (status, body) = await _rig.JsonAsync(HttpMethod.Get, $"{_rig.Host.SpotifyApiUrl}/artists/{SandboxCatalog.WatchedArtistIds[0]}");
        Assert.AreEqual(401, status);
        Assert.AreEqual("No token provided", (string)body!["error"]!["message"]!);
    }

    [TestMethod]
    public async Task A_long_discography_is_paged_by_ten()
    {
        var artist = $"{_rig.Host.SpotifyApiUrl}/artists/{SandboxCatalog.LongDiscographyArtistId}/albums";
        var bearer = await _rig.BearerAsync();
        Assert.AreEqual(400, (await _rig.JsonAsync(HttpMethod.Get, artist + "?limit=11", bearer: bearer)).Status);
        Assert.HasCount(5, (await _rig.JsonAsync(HttpMethod.Get, artist, bearer: bearer)).Body!["items"]!.AsArray());
        var ids = new HashSet<string>();
        for (string? next = artist + "?limit=10"; next is not null;)
        {
            var page = (await _rig.JsonAsync(HttpMethod.Get, next, bearer: bearer)).Body!;
            ids.UnionWith(page["items"]!.AsArray().Select(item => (string)item!["id"]!));
            next = (string?)page["next"];
        }
        Assert.HasCount(120, ids);
    }

    [TestMethod]
    public async Task Tracks_are_found_by_ISRC_and_lack_dropped_fields()
    {
        var known = _rig.Host.Catalog.Artist(SandboxCatalog.WatchedArtistIds[0])!.Releases[0].Tracks[0];
        var track = await _rig.SpotifyAsync($"/tracks/{known.Id}");
        Assert.AreEqual(known.Isrc, (string)track["external_ids"]!["isrc"]!);
        Assert.AreEqual(known.DurationMs, (int)track["duration_ms"]!);
        Assert.IsFalse(track.AsObject().ContainsKey("popularity"));
        var found = await _rig.SpotifyAsync($"/search?type=track&q=isrc:{known.Isrc}");
        Assert.AreEqual(known.Id, (string)found["tracks"]!["items"]![0]!["id"]!);
        var named = await _rig.SpotifyAsync($"/search?type=track&q={Uri.EscapeDataString($"track:\"{known.Title}\" artist:marble harbour")}");
        Assert.AreEqual(known.Id, (string)named["tracks"]!["items"]![0]!["id"]!);
    }

    [TestMethod]
    public async Task Withdrawn_endpoints_answer_403_in_plain_text()
    {
        using var response = await _rig.SendAsync(HttpMethod.Get, _rig.Host.SpotifyApiUrl + "/albums?ids=1,2", bearer: await _rig.BearerAsync());
        Assert.AreEqual(403, (int)response.StatusCode);
        Assert.AreEqual("text/plain", response.Content.Headers.ContentType!.MediaType);
    }

    [TestMethod]
    public async Task The_ragged_artist_has_null_and_partial_data()
    {
        var page = await _rig.SpotifyAsync($"/artists/{SandboxCatalog.RaggedArtistId}/albums");
        var items = page["items"]!.AsArray();
        Assert.Contains(item => item is null, items);
        Assert.Contains(item => (string?)item?["release_date_precision"] == "month", items);
        Assert.IsFalse((await _rig.SpotifyAsync($"/artists/{SandboxCatalog.RaggedArtistId}")).AsObject().ContainsKey("genres"));
    }

    [TestMethod]
    public async Task Album_pictures_have_their_stated_size()
    {
        var release = _rig.Host.Catalog.Releases[0];
        var album = await _rig.SpotifyAsync($"/albums/{release.Id}");
        Assert.HasCount(release.Tracks.Count, album["tracks"]!["items"]!.AsArray());
        foreach (var image in album["images"]!.AsArray())
        {
            using var response = await _rig.SendAsync(HttpMethod.Get, (string)image!["url"]!);
            var bytes = await response.Content.ReadAsByteArrayAsync(CancellationToken.None);
            Assert.AreEqual((int)image["width"]!, WidthOf(bytes, response.Content.Headers.ContentType!.MediaType!));
        }
    }

    [TestMethod]
    public async Task A_further_artist_is_found_by_title_or_ISRC()
    {
        var further = _rig.Host.Catalog.Further.First(artist => artist.Part.Releases.Count == 120);
        var track = further.Part.Tracks[^1];
        var found = await _rig.SpotifyAsync($"/search?type=track,album,artist&q={Uri.EscapeDataString($"{track.Title} {further.Credit.Name}")}");
        Assert.Contains(item => (string)item!["id"]! == track.Id, found["tracks"]!["items"]!.AsArray());
        Assert.AreEqual(track.Id, (string)(await _rig.SpotifyAsync($"/search?type=track&q=isrc:{track.Isrc}"))["tracks"]!["items"]![0]!["id"]!);
        Assert.AreEqual(120, (int)(await _rig.SpotifyAsync($"/artists/{further.Credit.Id}/albums?include_groups=album,single,compilation"))["total"]!);
        var guest = _rig.Host.Catalog.Further.First(artist => _rig.Host.Catalog.Appearances(artist.Credit.Id).Any());
        Assert.IsGreaterThan(0, (int)(await _rig.SpotifyAsync($"/artists/{guest.Credit.Id}/albums?include_groups=appears_on"))["total"]!);
        Assert.AreEqual(0, (int)(await _rig.SpotifyAsync("/search?type=artist&q=marble%20antlers"))["artists"]!["total"]!);
        var album = await _rig.SpotifyAsync($"/albums/{track.ReleaseId}");
        using var picture = await _rig.SendAsync(HttpMethod.Get, (string)album["images"]![2]!["url"]!);
        Assert.AreEqual(200, (int)picture.StatusCode);
    }

    [TestMethod]
    public async Task An_unknown_picture_is_404()
    {
        using var response = await _rig.SendAsync(HttpMethod.Get, _rig.Host.ImagesUrl + "/image/ab67616d0000b273000000000000000000000000");
        Assert.AreEqual(404, (int)response.StatusCode);
    }

    [TestMethod]
    public async Task Unknown_and_malformed_ids_have_different_errors()
    {
        var bearer = await _rig.BearerAsync();
        Assert.AreEqual(404, (await _rig.JsonAsync(HttpMethod.Get, _rig.Host.SpotifyApiUrl + "/albums/0000000000000000000000", bearer: bearer)).Status);
        Assert.AreEqual(400, (await _rig.JsonAsync(HttpMethod.Get, _rig.Host.SpotifyApiUrl + "/albums/x", bearer: bearer)).Status);
    }

    // JPEG: the frame header of a baseline file lies behind APP0 and one table. PNG: in the first chunk.
    private static int WidthOf(byte[] bytes, string mediaType)
    {
        if (mediaType == "image/png")
            return BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(16));
        Assert.IsTrue(bytes.AsSpan().StartsWith((byte[])[0xFF, 0xD8, 0xFF]));
        Assert.IsTrue(bytes.AsSpan().EndsWith((byte[])[0xFF, 0xD9]));
        var frame = bytes.AsSpan().IndexOf((byte[])[0xFF, 0xC0]);
        return BinaryPrimitives.ReadInt16BigEndian(bytes.AsSpan(frame + 7));
    }
}
