using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Harmony.Sandbox.Catalog;

namespace Harmony.Tests.Providers;

[TestClass]
public sealed class SandboxLrclibTests
{
    private static SandboxRig _rig = null!;

    [ClassInitialize]
    public static async Task StartAsync(TestContext context) => _rig = await SandboxRig.StartAsync(context.CancellationToken);

    [ClassCleanup]
    public static async Task StopAsync() => await _rig.DisposeAsync();

    [TestMethod]
    public async Task The_catalogue_has_synced_plain_instrumental_and_missing_lyrics()
    {
        var forms = new HashSet<string>();
        foreach (var track in _rig.Host.Catalog.First.Tracks.Take(40))
        {
            var (status, body) = await GetAsync(track, track.DurationMs / 1000.0);
            if (status == 404)
                Assert.AreEqual("TrackNotFound", (string)body!["name"]!);
            forms.Add(status == 404 ? "missing" : FormOf(body!));
        }
        CollectionAssert.AreEquivalent(new[] { "synced", "plain", "instrumental", "missing" }, forms.ToArray());
    }

    [TestMethod]
    public async Task Time_stamps_stay_within_the_recording()
    {
        var (track, lyrics) = await FirstSyncedAsync();
        var stamps = Regex.Matches((string)lyrics["syncedLyrics"]!, @"\[(?<minutes>\d\d):(?<seconds>\d\d\.\d\d)\]", RegexOptions.None, TimeSpan.FromSeconds(1));
        Assert.IsGreaterThan(3, stamps.Count);
        foreach (Match stamp in stamps)
        {
            var seconds = (60 * int.Parse(stamp.Groups["minutes"].ValueSpan, CultureInfo.InvariantCulture)) + double.Parse(stamp.Groups["seconds"].ValueSpan, CultureInfo.InvariantCulture);
            Assert.IsLessThan(track.DurationMs / 1000.0, seconds);
        }
    }

    [TestMethod]
    public async Task The_length_may_differ_by_two_seconds()
    {
        var (track, _) = await FirstSyncedAsync();
        Assert.AreEqual(200, (await GetAsync(track, (track.DurationMs / 1000.0) + 1.9)).Status);
        Assert.AreEqual(404, (await GetAsync(track, (track.DurationMs / 1000.0) + 2.1)).Status);
    }

    [TestMethod]
    public async Task A_search_answers_a_list_and_never_404()
    {
        var (track, _) = await FirstSyncedAsync();
        var (_, found) = await _rig.JsonAsync(HttpMethod.Get, $"{_rig.Host.LrclibUrl}/api/search?track_name={Uri.EscapeDataString(track.Title.ToUpperInvariant())}");
        Assert.Contains(item => (string)item!["trackName"]! == track.Title, found!.AsArray());
        var (status, none) = await _rig.JsonAsync(HttpMethod.Get, _rig.Host.LrclibUrl + "/api/search?q=nothingatall");
        Assert.AreEqual(200, status);
        Assert.IsEmpty(none!.AsArray());
    }

    [TestMethod]
    public async Task A_further_artist_has_lyrics_too()
    {
        foreach (var track in _rig.Host.Catalog.Further[0].Part.Tracks)
        {
            var (status, lyrics) = await GetAsync(track, track.DurationMs / 1000.0);
            if (status == 404)
                continue;
            var (_, again) = await _rig.JsonAsync(HttpMethod.Get, $"{_rig.Host.LrclibUrl}/api/get/{lyrics!["id"]}");
            Assert.AreEqual(lyrics.ToJsonString(), again!.ToJsonString());
            var (_, found) = await _rig.JsonAsync(HttpMethod.Get, $"{_rig.Host.LrclibUrl}/api/search?q={Uri.EscapeDataString($"{track.Title} {track.ArtistName}")}");
            Assert.Contains(item => (int)item!["id"]! == (int)lyrics["id"]!, found!.AsArray());
            return;
        }
        Assert.Fail("nine in ten tracks have lyrics");
    }

    [TestMethod]
    public async Task A_missing_name_is_a_validation_error()
    {
        var (status, body) = await _rig.JsonAsync(HttpMethod.Get, _rig.Host.LrclibUrl + "/api/get?artist_name=x");
        Assert.AreEqual(400, status);
        Assert.AreEqual("ValidationError", (string)body!["name"]!);
    }

    private static Task<(int Status, JsonNode? Body)> GetAsync(CatalogTrack track, double seconds) => _rig.JsonAsync(
        HttpMethod.Get,
        string.Create(CultureInfo.InvariantCulture, $"{_rig.Host.LrclibUrl}/api/get?track_name={Uri.EscapeDataString(track.Title)}&artist_name={Uri.EscapeDataString(track.ArtistName)}&duration={seconds}"));

    private static async Task<(CatalogTrack Track, JsonNode Lyrics)> FirstSyncedAsync()
    {
        foreach (var track in _rig.Host.Catalog.First.Tracks)
        {
            var (status, body) = await GetAsync(track, track.DurationMs / 1000.0);
            if (status == 200 && FormOf(body!) == "synced")
                return (track, body!);
        }
        throw new AssertFailedException("no synced lyrics at all");
    }

    private static string FormOf(JsonNode lyrics)
    {
        if ((bool)lyrics["instrumental"]!)
            return lyrics["plainLyrics"] is null && lyrics["syncedLyrics"] is null ? "instrumental" : "instrumental with words";
        return lyrics["syncedLyrics"] is null ? "plain" : "synced";
    }
}
