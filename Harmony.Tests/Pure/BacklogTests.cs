using Harmony.Data.Watchlist;
using Harmony.Jobs.Artists;

namespace Harmony.Tests.Pure;

[TestClass]
public sealed class BacklogTests
{
    private static readonly DateOnly Before = new(2026, 3, 1);
    private static readonly DateOnly Watched = new(2026, 6, 15);

    [TestMethod]
    public void The_whole_backlog_includes_undated_releases()
    {
        Assert.IsTrue(Backlog.Wants(Entry(Backlog.All), Before));
        Assert.IsTrue(Backlog.Wants(Entry(Backlog.All), null));
    }

    [TestMethod]
    public void No_backlog_means_releases_since_the_watch_began()
    {
        Assert.IsFalse(Backlog.Wants(Entry(Backlog.None), Before));
        Assert.IsFalse(Backlog.Wants(Entry(Backlog.None), null));
        Assert.IsTrue(Backlog.Wants(Entry(Backlog.None), Watched));
    }

    [TestMethod]
    public void Since_a_day_includes_that_day()
    {
        Assert.IsTrue(Backlog.Wants(Entry(Backlog.Since, Before), Before));
        Assert.IsFalse(Backlog.Wants(Entry(Backlog.Since, Before), Before.AddDays(-1)));
        Assert.IsFalse(Backlog.Wants(Entry(Backlog.Since, Before), null));
    }

    [TestMethod]
    [DataRow("2024-05-17", "2024-05-17")]
    [DataRow("2024-05", "2024-05-01")]
    [DataRow("2024", "2024-01-01")]
    [DataRow("0000", null)]
    [DataRow("soon", null)]
    [DataRow(null, null)]
    public void A_partial_date_counts_as_its_first_day(string? text, string? day) =>
        Assert.AreEqual(day, PartialDate.FirstDay(text)?.ToString("O", System.Globalization.CultureInfo.InvariantCulture));

    [TestMethod]
    [DataRow("spotify:4Z8W4fKeB5YxbusRsdQVPb", "4Z8W4fKeB5YxbusRsdQVPb")]
    [DataRow("spotify:", null)]
    [DataRow("spotify:a/b", null)]
    [DataRow("deezer:1", null)]
    [DataRow(null, null)]
    public void Only_a_valid_key_names_a_Spotify_artist(string? key, string? id) =>
        Assert.AreEqual(id, ArtistKey.SpotifyIdOf(key));

    [TestMethod]
    public void Parts_with_equal_concatenation_have_different_fingerprints()
    {
        Assert.AreNotEqual(Fingerprint.Of(["ab", "c"]), Fingerprint.Of(["a", "bc"]));
        Assert.AreNotEqual(Fingerprint.Of(["", "a"]), Fingerprint.Of([null, "a"]));
        Assert.AreEqual(Fingerprint.Of(["a", null]), Fingerprint.Of(["a", null]));
    }

    private static WatchedArtist Entry(string backlog, DateOnly? since = null) => new()
    {
        Id = 1,
        ArtistKey = "spotify:1",
        Priority = 0,
        Backlog = backlog,
        Since = since,
        Paused = false,
        CreatedAt = new DateTimeOffset(Watched, new TimeOnly(13, 0), TimeSpan.Zero),
        UpdatedAt = default,
    };
}
