using System.Text.Json;
using Harmony.Sandbox.Catalog;

namespace Harmony.Tests.Providers;

[TestClass]
public sealed class SandboxCatalogTests
{
    [TestMethod]
    public void The_same_seed_gives_the_same_catalogue()
        => Assert.AreEqual(JsonSerializer.Serialize(new SandboxCatalog(7).Artists), JsonSerializer.Serialize(new SandboxCatalog(7).Artists));

    [TestMethod]
    public void Another_seed_gives_other_music_by_the_same_watched_artists()
    {
        var (one, two) = (new SandboxCatalog(1), new SandboxCatalog(2));
        Assert.AreNotEqual(one.Tracks[0].Title + one.Tracks[0].Id, two.Tracks[0].Title + two.Tracks[0].Id);
        CollectionAssert.AreEqual(
            SandboxCatalog.WatchedArtistIds.ToArray(), two.Artists.Take(3).Select(artist => artist.Id).ToArray());
    }

    [TestMethod]
    public void The_watched_artists_have_together_24_to_30_tracks_on_6_to_8_releases()
    {
        var releases = new SandboxCatalog(1).Artists.Take(3).SelectMany(artist => artist.Releases).ToList();
        Assert.IsInRange(6, 8, releases.Count);
        Assert.IsInRange(24, 30, releases.Sum(release => release.Tracks.Count));
    }

    [TestMethod]
    public void There_are_enough_artists_and_the_ones_known_by_name_are_as_promised()
    {
        var catalog = new SandboxCatalog(1);
        Assert.IsGreaterThanOrEqualTo(60, catalog.Artists.Count);
        Assert.AreEqual(50, catalog.Artist(SandboxCatalog.FiftyTrackArtistId)!.Releases.Sum(release => release.Tracks.Count));
        Assert.HasCount(120, catalog.Artist(SandboxCatalog.LongDiscographyArtistId)!.Releases);
        CollectionAssert.AreEquivalent(
            new[] { "day", "month", "year" }, catalog.Releases.Select(release => release.Precision).Distinct().ToArray());
    }

    [TestMethod]
    public void Every_id_has_22_base62_characters_and_every_track_lasts_20_to_40_seconds()
    {
        var catalog = new SandboxCatalog(1);
        var ids = catalog.Artists.Select(artist => artist.Id)
            .Concat(catalog.Releases.Select(release => release.Id))
            .Concat(catalog.Tracks.Select(track => track.Id))
            .ToList();
        Assert.IsTrue(ids.TrueForAll(id => id.Length == 22 && id.All(char.IsAsciiLetterOrDigit)));
        Assert.HasCount(ids.Count, ids.Distinct().ToList());
        Assert.IsTrue(catalog.Tracks.All(track => track.DurationMs is >= 20_000 and < 40_000));
    }
}
