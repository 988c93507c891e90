using Harmony.Api.Configuration;
using Harmony.Api.Configuration.Keys;
using Harmony.Api.Hosting;
using Harmony.Api.Startup;
using Harmony.Orchestrator;

namespace Harmony.Tests.Pure;

/// <summary>Who comes from one of the origin systems brings a .env: it starts, and says what it no longer does.</summary>
[TestClass]
public sealed class SeedEnvTests
{
    private static readonly Settings Seed = Read(OriginEnv.Values);

    [TestMethod]
    public void An_old_environment_file_has_no_problem() => Assert.IsEmpty(new SelfCheck(Seed, TimeProvider.System).Form());

    [TestMethod]
    public void Every_unknown_name_warns_once()
    {
        foreach (var name in OriginEnv.Ignored)
        {
            var said = Seed.Warnings.Count(w => w.Split([' ', ',']).Contains(name));
            Assert.AreEqual(1, said, name);
        }

        Assert.IsGreaterThan(100, OriginEnv.Ignored.Count);
    }

    [TestMethod]
    public void A_known_name_is_never_reported_without_effect()
    {
        var wrong = Seed.Warnings.Where(w => w.Contains("no effect", StringComparison.Ordinal))
            .SelectMany(w => w[..w.IndexOf("no effect", StringComparison.Ordinal)].Split([' ', ',', ':']))
            .Where(n => EnvTable.Keys.Any(k => k.Names.Contains(n)))
            .ToList();

        Assert.IsEmpty(wrong, string.Join(", ", wrong));
    }

    [TestMethod]
    public void Old_pools_and_retries_reach_their_lane()
    {
        var engine = BoundOptions.Of<OrchestratorOptions>(Seed);

        Assert.AreEqual(4, engine.LaneWidths["download"]);
        Assert.AreEqual(2, engine.LaneWidths["artists"]);
        Assert.AreEqual(2, engine.LaneWidths["watchlist"], "the lane's own name wins over three of its kinds and an old one");
        Assert.AreEqual(5, engine.RetryByKind["download"].MaxRetries);
        Assert.AreEqual(10, engine.RetryByKind["artist_sync"].MaxRetries, "each kind has its own");
        Assert.AreEqual(3, engine.RetryByKind["artist_refresh"].MaxRetries);
        Assert.AreEqual(0.2, engine.RetryByKind["artist_scan"].Jitter, "of an old name for it");
        Assert.AreEqual(50, engine.LanePriorities["watchlist"]);
    }

    [TestMethod]
    public void The_lane_name_wins_over_kinds_and_old_names()
    {
        var widths = Read(new Dictionary<string, string> { ["ORCH_POOL_ARTISTS"] = "1", ["ORCH_POOL_ARTIST_SYNC"] = "9", ["ARTIST_POOL_CONCURRENCY"] = "7" }).Families.Widths;

        Assert.AreEqual(1, widths["artists"]);
    }

    [TestMethod]
    public void Old_seconds_may_be_decimal()
    {
        Assert.AreEqual(TimeSpan.FromDays(1), Seed.Get(MusicKeys.WatchlistInterval));
        Assert.AreEqual(TimeSpan.FromMinutes(15), Seed.Get(MusicKeys.WatchlistTimerInterval));
        Assert.AreEqual(TimeSpan.FromSeconds(10), Seed.Get(EngineKeys.RetryReload));
        Assert.AreEqual(TimeSpan.Zero, Read(new Dictionary<string, string> { ["WATCHLIST_INTERVAL"] = "0" }).Get(MusicKeys.WatchlistInterval));
    }

    [TestMethod]
    [DataRow("PLEX_URL")]
    [DataRow("ORCH_POOL_RETRY")]
    [DataRow("RETRY_MATCHING_BASE_SECONDS")]
    public void A_name_without_a_value_does_not_warn(string name) =>
        Assert.IsEmpty(Read(new Dictionary<string, string> { [name] = " " }).Warnings);

    [TestMethod]
    public void A_planned_name_warns_as_planned() =>
        Assert.Contains("(yet)", Read(new Dictionary<string, string> { [EnvTable.Retired.First(r => r.Foreseen).Name.Replace("*", "X", StringComparison.Ordinal)] = "1" }).Warnings.Single(), StringComparison.Ordinal);

    [TestMethod]
    public void A_lane_without_kinds_accepts_a_width_and_warns()
    {
        var settings = Read(new Dictionary<string, string> { ["ORCH_POOL_MATCHING"] = "4" });

        Assert.IsEmpty(settings.Problems);
        Assert.Contains("ORCH_POOL_MATCHING", settings.Warnings.Single(), StringComparison.Ordinal);
        Assert.DoesNotContain("ORCH_POOL_MATCHING", ConfigurationDocs.EnvExample(HarmonySetup.Names), StringComparison.Ordinal);
    }

    private static Settings Read(IReadOnlyDictionary<string, string> values) => Settings.From(values, new Dictionary<string, string>(), HarmonySetup.Names);
}
