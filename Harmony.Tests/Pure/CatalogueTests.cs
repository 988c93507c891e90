using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Harmony.Jobs;
using Harmony.Orchestrator;

namespace Harmony.Tests.Pure;

[TestClass]
public sealed partial class CatalogueTests
{
    private static readonly IReadOnlyCollection<JobKind> Jobs = Catalogue.Of(Lanes.All, typeof(Lanes).Assembly).Kinds;

    [TestMethod]
    public void Every_expected_kind_is_registered() =>
        CollectionAssert.AreEquivalent(
            new[]
            {
                "artist_sync", "artist_refresh", "artist_scan", "watchlist_tick", "search", "download", "transfer_poll",
                "metadata", "artwork", "lyrics", "backfill", "download_sweep", "noop", "prune",
            },
            Jobs.Select(j => j.Kind).ToArray());

    [TestMethod]
    public void Each_unique_key_uses_members_of_its_args()
    {
        foreach (var job in Jobs.Where(j => j.Spec.UniqueKey is not null))
        {
            var members = ArgsOf(job).GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Select(p => JsonNamingPolicy.SnakeCaseLower.ConvertName(p.Name))
                .ToHashSet();
            var named = Member().Matches(job.Spec.UniqueKey!).Select(m => m.Groups["name"].Value);
            Assert.IsEmpty(named.Where(n => !members.Contains(n)), job.Kind);
        }
    }

    [TestMethod]
    public void No_job_has_more_than_six_dependencies() =>
        Assert.IsEmpty(Jobs.Where(j => j.JobType.GetConstructors().Single().GetParameters().Length > 6).Select(j => j.Kind));

    [TestMethod]
    public void The_search_lane_keeps_the_Soulseek_rate_limit() =>
        Assert.AreEqual(new RateWindow(34, TimeSpan.FromSeconds(220)), Lanes.All.Single(l => l.Name == Lanes.Search).Rate);

    private static Type ArgsOf(JobKind job) =>
        job.JobType.GetInterfaces().Single(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IJob<>)).GetGenericArguments()[0];

    [GeneratedRegex(@"\{(?<name>[^}]+)\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Member();
}
