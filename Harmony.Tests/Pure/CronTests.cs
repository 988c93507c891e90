using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Harmony.Orchestrator.Schedules;

namespace Harmony.Tests.Pure;

[TestClass]
public sealed class CronTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
    private static readonly TimeZoneInfo NewYork = TimeZoneInfo.FindSystemTimeZoneById("America/New_York");

    [TestMethod]
    [DataRow("*/15 * * * *", "2026-11-21T10:01:00Z", "2026-11-21T10:15:00Z")]
    [DataRow("30 4 * * *", "2026-11-21T10:01:00Z", "2026-11-22T04:30:00Z")]
    [DataRow("0 0 1 1 *", "2026-11-21T10:01:00Z", "2027-01-01T00:00:00Z")]
    [DataRow("@weekly", "2026-11-21T10:01:00Z", "2026-11-22T00:00:00Z")]
    [DataRow("0 9 * * MON-FRI", "2026-11-21T10:01:00Z", "2026-11-23T09:00:00Z")]
    [DataRow("0 9 * * 7", "2026-11-21T10:01:00Z", "2026-11-22T09:00:00Z")]
    [DataRow("0 9 * * sat-sun", "2026-11-21T10:01:00Z", "2026-11-22T09:00:00Z")]
    [DataRow("0 9 * * 5-7", "2026-11-21T10:01:00Z", "2026-11-22T09:00:00Z")]
    [DataRow("0 12 13 * 5", "2026-11-21T10:01:00Z", "2027-08-13T12:00:00Z", DisplayName = "both day fields: a date must fit both")]
    [DataRow("0 9 L * *", "2026-11-21T10:01:00Z", "2026-11-30T09:00:00Z")]
    [DataRow("0 22-4/3 * * *", "2026-11-21T10:01:00Z", "2026-11-21T22:00:00Z", DisplayName = "a range goes on past midnight")]
    [DataRow("0 0 29 2 *", "2026-11-21T10:01:00Z", "2028-02-29T00:00:00Z")]
    [DataRow("0 0 29 2 *", "2096-03-01T00:00:00Z", "2104-02-29T00:00:00Z", DisplayName = "2100 is no leap year")]
    [DataRow("5,10 8-10/2 * * *", "2026-11-21T08:10:00Z", "2026-11-21T10:05:00Z")]
    public void The_next_instant_is_found(string text, string after, string expected) =>
        Assert.AreEqual(At(expected), Read(text).After(At(after), TimeZoneInfo.Utc).First());

    [TestMethod]
    [DataRow("")]
    [DataRow("* * * *")]
    [DataRow("* * * * * *")]
    [DataRow("60 * * * *")]
    [DataRow("* 24 * * *")]
    [DataRow("* * 0 * *")]
    [DataRow("* * * 13 *")]
    [DataRow("* * * * 8")]
    [DataRow("*/0 * * * *")]
    [DataRow("0 */24 * * *")]
    [DataRow("*/60 * * * *")]
    [DataRow("H * * * *")]
    [DataRow("@every_second")]
    [DataRow("1,,2 * * * *")]
    [DataRow("a * * * *")]
    [DataRow("-1 * * * *")]
    [DataRow("1/2/3 * * * *")]
    [DataRow("99999999999999999999 * * * *")]
    [DataRow("0 0 31 2 *")]
    [DataRow("@reboot")]
    public void An_invalid_expression_has_a_reason(string text)
    {
        Assert.IsFalse(Cron.TryParse(text, out _, out var problem));
        Assert.IsFalse(string.IsNullOrWhiteSpace(problem));
    }

    [TestMethod]
    [DataRow("0 0 * * * *")]
    [DataRow("@every_second")]
    public void Seconds_are_refused_by_name(string text)
    {
        Assert.IsFalse(Cron.TryParse(text, out _, out var problem));
        Assert.Contains("seconds are not supported", problem, StringComparison.Ordinal);
    }

    [TestMethod]
    [DataRow("@yearly", "0 0 1 1 *")]
    [DataRow("@annually", "0 0 1 1 *")]
    [DataRow("@monthly", "0 0 1 * *")]
    [DataRow("@weekly", "0 0 * * 0")]
    [DataRow("@daily", "0 0 * * *")]
    [DataRow("@midnight", "0 0 * * *")]
    [DataRow(" @Hourly ", "0 * * * *")]
    public void A_macro_is_expanded_for_Hangfires_page(string macro, string text) => Assert.AreEqual(text, Read(macro).Text);

    [TestMethod]
    public void A_megabyte_is_refused_at_once() => Assert.IsFalse(Cron.TryParse(new string('*', 1 << 20), out _, out _));

    [TestMethod]
    public void A_skipped_local_time_fires_after_the_gap()
    {
        // 02:00 becomes 03:00 on 2026-03-29 in Berlin.
        CollectionAssert.AreEqual(
            new[] { At("2026-03-28T01:30:00Z"), At("2026-03-29T01:00:00Z"), At("2026-03-30T00:30:00Z") },
            Read("30 2 * * *").After(At("2026-03-28T00:00:00Z"), Berlin).Take(3).ToArray());

        // 02:00 becomes 03:00 on 2026-03-08 in New York.
        CollectionAssert.AreEqual(
            new[] { At("2026-03-08T07:00:00Z"), At("2026-03-09T06:30:00Z") },
            Read("30 2 * * *").After(At("2026-03-08T00:00:00Z"), NewYork).Take(2).ToArray());
    }

    [TestMethod]
    public void Two_times_moved_by_a_gap_are_one_slot() =>
        CollectionAssert.AreEqual(
            new[] { At("2026-03-29T01:00:00Z"), At("2026-03-30T00:30:00Z"), At("2026-03-30T01:00:00Z") },
            Read("0,30 2,3 * * *").After(At("2026-03-29T00:00:00Z"), Berlin)
                .Where(a => a != At("2026-03-29T01:30:00Z") && a != At("2026-03-30T00:00:00Z")).Take(3).ToArray());

    [TestMethod]
    public void A_repeated_local_time_fires_once()
    {
        // 03:00 becomes 02:00 on 2026-10-25 in Berlin.
        CollectionAssert.AreEqual(
            new[] { At("2026-10-25T00:30:00Z"), At("2026-10-26T01:30:00Z") },
            Read("30 2 * * *").After(At("2026-10-24T12:00:00Z"), Berlin).Take(2).ToArray());

        // 02:00 becomes 01:00 on 2026-11-01 in New York.
        CollectionAssert.AreEqual(
            new[] { At("2026-11-01T05:30:00Z"), At("2026-11-02T06:30:00Z") },
            Read("30 1 * * *").After(At("2026-10-31T12:00:00Z"), NewYork).Take(2).ToArray());
    }

    [TestMethod]
    [DataRow("2026-03-29T00:00:00Z")]
    [DataRow("2026-10-25T00:00:00Z")]
    public void Half_hours_follow_elapsed_time_through_both_changes(string from)
    {
        var slots = Read("*/30 * * * *").After(At(from), Berlin).Take(12).ToList();
        for (var i = 0; i < slots.Count; i++)
            Assert.AreEqual(At(from).AddMinutes(30 * (i + 1)), slots[i]);
    }

    [TestMethod]
    public void Slots_are_ordered_and_independent_of_the_start()
    {
        string[] texts = ["*/7 * * * *", "30 2 * * *", "0 0,1,2,3 * * *", "15 */5 * * SUN", "59 23 28-31 * *", "0 1-3 * 3,10,11 *"];
        TimeZoneInfo[] zones = [Berlin, NewYork, TimeZoneInfo.Utc, TimeZoneInfo.FindSystemTimeZoneById("Australia/Lord_Howe")];
        var start = At("2026-01-01T00:00:00Z");
        Prop.ForAll(
            ArbMap.Default.ArbFor<NonNegativeInt>(),
            ArbMap.Default.ArbFor<NonNegativeInt>(),
            (pick, minutes) =>
            {
                var (cron, zone) = (Read(texts[pick.Get % texts.Length]), zones[pick.Get / texts.Length % zones.Length]);
                var from = start.AddMinutes(minutes.Get * 977 % (500 * 24 * 60));
                var slots = cron.After(from, zone).Take(20).ToList();
                var again = cron.After(slots[4], zone).Take(15).ToList();
                return slots[0] > from
                    && slots.Zip(slots.Skip(1)).All(p => p.First < p.Second)
                    && again.SequenceEqual(slots.Skip(5))
                    && cron.After(slots[0].AddTicks(-1), zone).First() == slots[0];
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    [TestMethod]
    [DataRow("* * * * *", "every minute")]
    [DataRow("*/5 * * * *", "every 5 minutes")]
    [DataRow("7 * * * *", "every hour at :07")]
    [DataRow("30 4 * * *", "at 04:30")]
    [DataRow("0 */6 * * *", "every 6 hours at :00")]
    [DataRow("0,30 8 * * 1-5", "at 08:00 and 08:30 on Monday to Friday")]
    [DataRow("0 3 1 * *", "at 03:00 on day 1 of the month")]
    [DataRow("0 3 1 1,7 *", "at 03:00 on day 1 of the month in January and July")]
    [DataRow("*/10 8-18 * * *", "every 10 minutes of hour 8 to 18")]
    [DataRow("0 12 13 * 5", "at 12:00 on day 13 of the month, only if it is Friday")]
    [DataRow("0 12 1-7 6 MON", "at 12:00 on day 1 to 7 of the month in June, only if it is Monday")]
    [DataRow("0 12 L * *", "at 12:00 on the last day of the month")]
    [DataRow("0 12 lw * *", "at 12:00 on the last working day of the month")]
    [DataRow("0 12 L-3 * *", "at 12:00 3 days before the last day of the month")]
    [DataRow("0 12 15W * *", "at 12:00 on the working day nearest to day 15 of the month")]
    [DataRow("0 12 * * fri#2", "at 12:00 on the second Friday of the month")]
    [DataRow("0 12 * * 5L", "at 12:00 on the last Friday of the month")]
    [DataRow("0 9 * * 5-7", "at 09:00 on Sunday, Friday and Saturday")]
    [DataRow("@hourly", "every hour at :00")]
    public void An_expression_is_described_in_words(string text, string words) => Assert.AreEqual(words, CronWords.Of(Read(text)));

    [TestMethod]
    [DataRow(1, "every second")]
    [DataRow(90, "every 90 seconds")]
    [DataRow(60, "every minute")]
    [DataRow(900, "every 15 minutes")]
    [DataRow(3600, "every hour")]
    [DataRow(7200, "every 2 hours")]
    [DataRow(86_400, "every day")]
    [DataRow(172_800, "every 2 days")]
    public void An_interval_is_described_in_words(int seconds, string words) => Assert.AreEqual(words, CronWords.Of(TimeSpan.FromSeconds(seconds)));

    private static Cron Read(string text) => Cron.TryParse(text, out var cron, out var problem) ? cron : throw new AssertFailedException($"{text}: {problem}");

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
