using Harmony.Jobs.Backfill;
using Harmony.Jobs.Providers.Catalogue;

namespace Harmony.Tests.Pure;

[TestClass]
public sealed class TrackMatchTests
{
    private static readonly SoughtTrack Sought = new("The Rig Testers", "First Light", "Loopback Nights", null, TimeSpan.FromSeconds(200));

    [TestMethod]
    public void Equal_title_artist_and_length_match() => Assert.IsTrue(TrackMatch.Score(Sought, Track("First Light")).Accepted);

    [TestMethod]
    public void Points_equal_those_of_the_predecessor() =>
        Assert.AreEqual(40 + 35 + 10 + 25, TrackMatch.Score(Sought, Track("First Light")).Points);

    [TestMethod]
    [DataRow("First Light of the Morning", "The Rig Testers", 200)]
    [DataRow("First Light", "Someone Else", 200)]
    [DataRow("First Light", "The Rig Testers", 203)]
    [DataRow("First Light (Live)", "The Rig Testers", 200)]
    [DataRow("First Light 2", "The Rig Testers", 200)]
    public void A_similar_track_is_refused_with_a_reason(string title, string artist, int seconds)
    {
        var score = TrackMatch.Score(Sought with { Album = null }, Track(title, artist, seconds));

        Assert.IsFalse(score.Accepted, score.Sentence);
        Assert.IsGreaterThan(10, score.Sentence.Length);
    }

    [TestMethod]
    public void Equal_ISRCs_match_whatever_the_title() =>
        Assert.IsTrue(TrackMatch.Score(Sought with { Isrc = "de-abc-24-00001" }, Track("Erstes Licht", "Die Tester", 230) with { Isrc = "DEABC2400001" }).Accepted);

    [TestMethod]
    public void The_best_candidate_is_taken()
    {
        var best = TrackMatch.Best(Sought, [Track("First Light (Remix)"), Track("First Light", seconds: 201), Track("First Light", "Someone Else")]);

        Assert.AreEqual((true, "First Light", 201_000), (best!.Accepted, best.Track.Name, best.Track.DurationMs));
        Assert.IsNull(TrackMatch.Best(Sought, []));
    }

    [TestMethod]
    public void An_unknown_length_does_not_change_the_score() =>
        Assert.IsTrue(TrackMatch.Score(Sought with { Duration = null, Album = null }, Track("First Light")).Accepted);

    private static ProviderTrack Track(string name, string artist = "The Rig Testers", int seconds = 200) =>
        new("id", name, 1, 1, seconds * 1000, null, false, [new ProviderArtistRef("a", artist)], new ProviderAlbumRef("b", "Loopback Nights", null, []));
}
