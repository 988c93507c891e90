using Harmony.Api.Configuration;
using Harmony.Api.Hosting;
using Harmony.Orchestrator.Schedules;

namespace Harmony.Tests.Pure;

/// <summary>Scheduling a kind is one line of the environment, and a wrong line stops the start by name.</summary>
[TestClass]
public sealed class ScheduleSettingsTests
{
    private static readonly EngineNames Names = HarmonySetup.Names;

    [TestMethod]
    public void A_cron_key_schedules_its_kind()
    {
        var schedule = Schedules(new() { ["SCHEDULE_NOOP"] = "30 4 * * *" }).Single(s => s.Name == "noop");

        Assert.AreEqual(("noop", "30 4 * * *", "UTC", Misfire.Once, true), (schedule.Kind, schedule.Expression, schedule.Zone.Id, schedule.Misfire, schedule.Enabled));
    }

    [TestMethod]
    public void Companion_keys_set_zone_misfire_kind_and_arguments()
    {
        var schedule = Schedules(new()
        {
            ["SCHEDULE_MORNING"] = "@daily",
            ["SCHEDULE_MORNING_KIND"] = "noop",
            ["SCHEDULE_MORNING_ARGS"] = "{\"n\": 3}",
            ["SCHEDULE_MORNING_TZ"] = "Europe/Berlin",
            ["SCHEDULE_MORNING_MISFIRE"] = "ALL",
            ["SCHEDULE_MORNING_ENABLED"] = "no",
        }).Single(s => s.Name == "morning");

        Assert.AreEqual(("noop", "{\"n\": 3}", "Europe/Berlin", Misfire.All, false), (schedule.Kind, schedule.ArgsJson, schedule.Zone.Id, schedule.Misfire, schedule.Enabled));
    }

    [TestMethod]
    public void A_cron_key_replaces_an_interval()
    {
        var schedules = Schedules(new() { ["SCHEDULE_WATCHLIST_TICK"] = "*/10 * * * *", ["SCHEDULE_DOWNLOAD_SWEEP_ENABLED"] = "false" });

        Assert.AreEqual("*/10 * * * *", schedules.Single(s => s.Name == "watchlist_tick").Expression);
        Assert.IsFalse(schedules.Single(s => s.Name == "download_sweep").Enabled);
    }

    [TestMethod]
    [DataRow("SCHEDULE_NOOP", "* * * * * *", "SCHEDULE_NOOP")]
    [DataRow("SCHEDULE_NOOP", "0 0 31 2 *", "SCHEDULE_NOOP")]
    [DataRow("SCHEDULE_NOPE", "@daily", "SCHEDULE_NOPE")]
    [DataRow("SCHEDULE_NOOP_TZ", "Mars/Olympus", "SCHEDULE_NOOP_TZ")]
    [DataRow("SCHEDULE_NOOP_TZ", "Europe/Berlin", "SCHEDULE_NOOP")]
    [DataRow("SCHEDULE_DOWNLOAD_SWEEP_MISFIRE", "never", "SCHEDULE_DOWNLOAD_SWEEP_MISFIRE")]
    [DataRow("SCHEDULE_DOWNLOAD_SWEEP_ENABLED", "maybe", "SCHEDULE_DOWNLOAD_SWEEP_ENABLED")]
    [DataRow("SCHEDULE_DOWNLOAD_SWEEP_ARGS", "[1]", "SCHEDULE_DOWNLOAD_SWEEP_ARGS")]
    [DataRow("SCHEDULE_DOWNLOAD_SWEEP_ARGS", "{", "SCHEDULE_DOWNLOAD_SWEEP_ARGS")]
    [DataRow("SCHEDULE_DOWNLOAD_SWEEP_KIND", "nope", "SCHEDULE_DOWNLOAD_SWEEP_KIND")]
    [DataRow("SCHEDULE_", "@daily", "SCHEDULE_")]
    public void A_malformed_key_fails_the_start_and_is_named(string name, string value, string blamed)
    {
        var problems = Read(new() { [name] = value }).Problems;

        Assert.IsTrue(problems.Any(p => p.Component == blamed && p.Code == ExitCode.Malformed), string.Join("; ", problems));
    }

    [TestMethod]
    public void A_megabyte_is_refused_with_a_short_message()
    {
        var problems = Read(new() { ["SCHEDULE_NOOP"] = new string('*', 1_000_000) }).Problems;

        Assert.AreEqual("SCHEDULE_NOOP", problems.Single().Component);
        Assert.IsLessThan(2000, problems.Single().ToString().Length);
    }

    private static IReadOnlyList<Schedule> Schedules(Dictionary<string, string> environment)
    {
        var settings = Read(environment);
        Assert.IsEmpty(settings.Problems);
        return RoomOptions.SchedulesOf(settings);
    }

    private static Settings Read(Dictionary<string, string> environment) => Settings.From(environment, new Dictionary<string, string>(), Names);
}
