using Harmony.Api.Configuration;
using Harmony.Api.Hosting;

namespace Harmony.Tests.Pure;

[TestClass]
internal sealed class LanePrioritiesTests
{
    [TestMethod]
    [DataRow("ORCH_PRIORITY_JSON", """{"sync":100,"matching":90,"retry":80,"watchlist":50}""")]
    [DataRow("ORCH_PRIORITY_CSV", "sync:100,matching=90, retry:80,watchlist:50,")]
    public void The_map_of_the_predecessor_is_read(string name, string value)
    {
        var settings = Read((name, value));

        Assert.IsEmpty(settings.Problems);
        Assert.AreEqual("download 100, matching 90, watchlist 50", string.Join(", ", settings.LanePriorities.Values.OrderByDescending(v => v.Value).Select(v => $"{v.Key} {v.Value}")));
        Assert.Contains("retry", settings.Warnings.Single(), StringComparison.Ordinal);
    }

    [TestMethod]
    [DataRow("ORCH_PRIORITY_JSON", "[1]", ExitCode.Malformed)]
    [DataRow("ORCH_PRIORITY_JSON", """{"search":"high"}""", ExitCode.Malformed)]
    [DataRow("ORCH_PRIORITY_CSV", "search", ExitCode.Malformed)]
    [DataRow("ORCH_PRIORITY_CSV", "search:1.5", ExitCode.Malformed)]
    public void An_invalid_value_fails_the_start(string name, string value, ExitCode code)
    {
        var problem = Read((name, value)).Problems.Single();

        Assert.AreEqual((name, code), (problem.Component, problem.Code));
    }

    [TestMethod]
    [DataRow("ORCH_PRIORITY_JSON", """{"nope":1,"search":2}""")]
    [DataRow("ORCH_PRIORITY_CSV", "nope:1,search:2")]
    public void An_unknown_name_only_warns(string name, string value)
    {
        var settings = Read((name, value));

        Assert.IsEmpty(settings.Problems);
        Assert.AreEqual("search", settings.LanePriorities.Values.Keys.Single());
        Assert.Contains("nope", settings.Warnings.Single(), StringComparison.Ordinal);
    }

    [TestMethod]
    [DataRow("artist_refresh:50")]
    [DataRow("artist_scan:45,artist_delta:50")]
    public void A_predecessors_kind_sets_the_watchlist_lane(string value)
    {
        var priority = Read(("ORCH_PRIORITY_CSV", value)).LanePriorities.Values.Single();

        Assert.AreEqual(("watchlist", 50), (priority.Key, priority.Value));
    }

    [TestMethod]
    public void JSON_wins_over_CSV_with_a_warning()
    {
        var settings = Read(("ORCH_PRIORITY_JSON", """{"search":5}"""), ("ORCH_PRIORITY_CSV", "download:7"));

        Assert.AreEqual(5, settings.LanePriorities.Values.Single().Value);
        Assert.Contains("ORCH_PRIORITY_CSV", settings.Warnings.Single(), StringComparison.Ordinal);
    }

    [TestMethod]
    public void ARTIST_PRIORITY_wins_over_other_lane_priorities()
    {
        var settings = Read(("ORCH_PRIORITY_JSON", """{"artists":5,"download":7}"""), ("ARTIST_PRIORITY", "50"));

        Assert.AreEqual("artists 50, download 7, watchlist 50", string.Join(", ", settings.LanePriorities.Values.OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => $"{v.Key} {v.Value}")));
        Assert.AreEqual((ExitCode.Malformed, "ARTIST_PRIORITY"), Read(("ARTIST_PRIORITY", "high")).Problems.Select(p => (p.Code, p.Component)).Single());
    }

    private static Settings Read(params (string Name, string Value)[] environment) =>
        Settings.From(environment.ToDictionary(e => e.Name, e => e.Value), new Dictionary<string, string>(), HarmonySetup.Names);
}
