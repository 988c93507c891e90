using System.Globalization;
using Harmony.Orchestrator.Schedules;

namespace Harmony.Tests.Pure;

[TestClass]
public sealed class DueSlotsTests
{
    private static readonly DateTimeOffset Noon = DateTimeOffset.Parse("2026-11-21T12:00:00Z", CultureInfo.InvariantCulture);

    [TestMethod]
    public void Nothing_is_due_before_its_time() => Assert.IsEmpty(DueSlots.Of(Hourly(Misfire.All), Noon, Noon.AddMinutes(59)));

    [TestMethod]
    [DataRow(Misfire.Once, "miss 13, miss 14, fire 15")]
    [DataRow(Misfire.Skip, "miss 13, miss 14, miss 15")]
    [DataRow(Misfire.All, "fire 13, fire 14, fire 15")]
    public void The_misfire_policy_decides_about_missed_slots(Misfire misfire, string expected) =>
        Assert.AreEqual(expected, Said(DueSlots.Of(Hourly(misfire), Noon, Noon.AddHours(3).AddMinutes(20))));

    [TestMethod]
    public void A_current_slot_fires_under_every_policy()
    {
        foreach (var misfire in Enum.GetValues<Misfire>())
            Assert.AreEqual("fire 13", Said(DueSlots.Of(Hourly(misfire), Noon, Noon.AddHours(1).AddSeconds(30))));
    }

    [TestMethod]
    public void A_year_of_missed_slots_yields_the_newest_hundred()
    {
        var due = DueSlots.Of(Hourly(Misfire.Once), Noon, Noon.AddDays(365));
        Assert.HasCount(100, due);
        Assert.AreEqual(1, due.Count(d => d.Fires));
        Assert.IsTrue(due[^1].Fires);
    }

    [TestMethod]
    public void Interval_slots_are_multiples_of_the_interval()
    {
        var schedule = new Schedule { Name = "tick", Kind = "noop", Every = TimeSpan.FromSeconds(90) };
        var slots = schedule.SlotsAfter(Noon.AddSeconds(1)).Take(3).Select(s => s.ToUnixTimeSeconds() % 90).ToList();
        CollectionAssert.AreEqual(new[] { 0L, 0L, 0L }, slots);
        var delays = schedule.SlotsAfter(Noon).Take(50).Select(schedule.DelayOf).ToList();
        Assert.IsTrue(delays.All(d => d >= TimeSpan.Zero && d <= TimeSpan.FromSeconds(4.5)));
        Assert.IsGreaterThan(10, delays.Distinct().Count());
        CollectionAssert.AreEqual(delays, schedule.SlotsAfter(Noon).Take(50).Select(schedule.DelayOf).ToList());
    }

    private static Schedule Hourly(Misfire misfire) =>
        new() { Name = "hourly", Kind = "noop", Cron = Cron.TryParse("@hourly", out var cron, out _) ? cron : null, Misfire = misfire };

    private static string Said(IEnumerable<DueSlot> due) => string.Join(", ", due.Select(d => $"{(d.Fires ? "fire" : "miss")} {d.At.Hour}"));
}
