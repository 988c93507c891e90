using Harmony.Jobs.Downloads;
using Harmony.Jobs.Downloads.Search;

namespace Harmony.Tests.Pure;

[TestClass]
public sealed class WantedOptionsTests
{
    private static readonly WantedOptions Options = new();

    [TestMethod]
    [DataRow(0, 0, "01:00:00")]
    [DataRow(1, 0, "02:00:00")]
    [DataRow(4, 1, "16:00:00")]
    [DataRow(5, 2, "1.00:00:00")]
    [DataRow(40, 29, "1.00:00:00")]
    [DataRow(40, 31, "7.00:00:00")]
    [DataRow(int.MaxValue, 4000, "7.00:00:00")]
    public void The_wait_doubles_up_to_a_day_and_later_a_week(int searches, int days, string wait) =>
        Assert.AreEqual(wait, Options.WaitAfter(searches, TimeSpan.FromDays(days), 0).ToString());

    [TestMethod]
    public void Chance_shortens_a_wait_by_a_fifth_at_most()
    {
        var random = new Random(7);
        for (var i = 0; i < 1000; i++)
        {
            var wait = Options.WaitAfter(i % 40, TimeSpan.FromDays(i % 60), random.NextDouble());
            var full = Options.WaitAfter(i % 40, TimeSpan.FromDays(i % 60), 0);
            Assert.IsTrue(wait <= full && wait >= full * 0.8, $"{wait} of {full}");
        }
    }

    /// <summary>200 tracks of 20 artists for 60 days, a search a minute; three artists gain a peer on day 20. One search serves one track here.</summary>
    [TestMethod]
    public void Two_hundred_wanted_tracks_share_the_budget_and_are_found_within_a_day()
    {
        var random = new Random(11);
        var minute = 0;
        var searches = new int[200];
        var due = new double[200];
        var foundAt = new int?[200];
        var perHour = new int[60 * 24];
        var longestWait = 0.0;
        for (; minute < 60 * 24 * 60; minute++)
        {
            // 34 searches in 220 seconds are nine a minute.
            foreach (var track in Enumerable.Range(0, 200).Where(t => foundAt[t] is null && due[t] <= minute).OrderBy(t => due[t]).Take(9).ToList())
            {
                perHour[minute / 60]++;
                longestWait = Math.Max(longestWait, minute - due[track]);
                if (track / 10 is 3 or 8 or 15 && minute >= 20 * 24 * 60)
                    foundAt[track] = minute;
                else
                    due[track] = minute + Options.WaitAfter(searches[track]++, TimeSpan.FromMinutes(minute), random.NextDouble()).TotalMinutes;
            }
        }

        var found = foundAt.OfType<int>().ToList();
        Assert.HasCount(30, found);
        Assert.IsTrue(found.TrueForAll(at => at < 21 * 24 * 60), "each within a day");
        Assert.IsTrue(longestWait <= 25, $"a due search waited {longestWait} minutes");
        Assert.IsTrue(perHour.Skip(24 * 10).Take(24 * 10).Max() < 60, $"{perHour.Skip(24 * 10).Take(24 * 10).Max()} searches in one hour of the third week");
    }

    [TestMethod]
    [DataRow("user_offline", 1, "00:02:00")]
    [DataRow("no_progress", 2, "00:10:00")]
    [DataRow("transfer_errored", 3, "01:00:00")]
    [DataRow("transfer_rejected", 9, "1.00:00:00")]
    [DataRow("corrupt", 1, "7.00:00:00")]
    [DataRow("size_changed", 5, "00:01:00")]
    public void A_peer_is_left_alone_longer_the_more_often_it_fails(string reason, int failures, string length) =>
        Assert.AreEqual(length, PeerDenial.LengthOf(reason, failures).ToString());
}
