using Harmony.Jobs.Downloads.Search;

namespace Harmony.Tests.Pure;

[TestClass]
public sealed class SearchTextTests
{
    [TestMethod]
    [DataRow("The Rig Testers", "Loopback Nights (Deluxe Edition)", "The Rig Testers Loopback Nights")]
    [DataRow("AC/DC", "Back in Black [Remastered]", "AC DC Back in Black")]
    [DataRow("Sigur Rós", "( )", "Sigur Rós")]
    [DataRow("-minus", "-word", "minus word")]
    [DataRow("Band", "Song - Single", "Band Song")]
    [DataRow("Beirut", "Beirut", "Beirut")]
    public void A_release_is_searched_by_its_common_words(string artist, string album, string text) =>
        Assert.AreEqual(text, SearchText.ForRelease(artist, album));

    [TestMethod]
    [DataRow("A Band", "Song (feat. B)", "A Band Song")]
    [DataRow("A Band", "Song feat. B", "A Band Song")]
    [DataRow("A Band", "Song - 2011 Remaster", "A Band Song")]
    [DataRow("A Band", "Song (Live)", "A Band Song Live")]
    public void A_track_is_searched_by_version_without_guests(string artist, string title, string text) =>
        Assert.AreEqual(text, SearchText.ForTrack(artist, title));

    [TestMethod]
    public void The_text_stays_within_the_length_limit() =>
        Assert.IsLessThanOrEqualTo(256, SearchText.ForTrack("A Band", string.Join(' ', Enumerable.Range(0, 500).Select(n => $"word{n}"))).Length);
}
