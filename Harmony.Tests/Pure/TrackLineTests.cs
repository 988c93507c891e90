using Harmony.Jobs.Ingest;

namespace Harmony.Tests.Pure;

[TestClass]
public sealed class TrackLineTests
{
    [TestMethod]
    [DataRow("Solo Wanderer - Long Drone", "Solo Wanderer", "Long Drone", null, null)]
    [DataRow("Solo Wanderer – Long Drone (Singles) 3:25", "Solo Wanderer", "Long Drone", "Singles", 205)]
    [DataRow("A — B 1:02:03", "A", "B", null, 3723)]
    [DataRow("  A-ha - Take On Me (Hunting High and Low)  ", "A-ha", "Take On Me", "Hunting High and Low", null)]
    [DataRow("Beyoncé - Halo - Live (I Am…) 4:21", "Beyoncé", "Halo - Live", "I Am…", 261)]
    [DataRow("2Pac - 2:30", "2Pac", "2:30", null, null)]
    public void A_line_has_artist_title_album_and_length(string line, string artist, string title, string? album, int? seconds) =>
        Assert.AreEqual(new TrackLine(artist, title, album, seconds), TrackLine.Parse(line));

    [TestMethod]
    [DataRow("")]
    [DataRow("   ")]
    [DataRow("no dash here")]
    [DataRow("- title only")]
    [DataRow("artist - ")]
    [DataRow(null)]
    public void A_line_without_artist_or_title_is_no_track(string? line) => Assert.IsNull(TrackLine.Parse(line));

    [TestMethod]
    public void A_very_long_line_is_refused_quickly() => Assert.IsNull(TrackLine.Parse(new string('a', 100_000) + " - b"));

    [TestMethod]
    public void Case_and_dash_do_not_change_the_track()
    {
        Assert.AreEqual(TrackLine.Parse("ABBA - Waterloo")!.DedupeHash, TrackLine.Parse("abba – WATERLOO")!.DedupeHash);
        Assert.AreNotEqual(TrackLine.Parse("ABBA - Waterloo")!.DedupeHash, TrackLine.Parse("ABBA - Waterloo (Gold)")!.DedupeHash);
    }
}
