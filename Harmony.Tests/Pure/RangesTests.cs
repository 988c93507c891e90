using System.Globalization;
using System.Text.RegularExpressions;
using Harmony.Api.Configuration;
using Harmony.Api.Hosting;
using Harmony.Jobs.Downloads.Candidates;
using Harmony.Orchestrator;
using Microsoft.Extensions.Configuration;

namespace Harmony.Tests.Pure;

/// <summary>The table is the only place that knows a range, and nothing reaches an option past it.</summary>
[TestClass]
public sealed partial class RangesTests
{
    public static IEnumerable<object[]> Ranged =>
        EnvTable.Keys.Where(k => Bounds().IsMatch(k.Form)).Select(k => (k.Name, k.Form))
            .Concat(
            [
                ("ORCH_POOL_DOWNLOAD", "from 0 to 1000"),
                ("RETRY_DOWNLOAD_MAX_ATTEMPTS", "from 0 to 1000"),
                ("RETRY_DOWNLOAD_BASE_SECONDS", "from 0.001 to 86400"),
                ("RETRY_DOWNLOAD_TIMEOUT_SECONDS", "from 0.1 to 86400"),
            ])
            .Select(k => new object[] { k.Item1, k.Item2 });

    [TestMethod]
    [DynamicData(nameof(Ranged))]
    public void A_value_outside_its_range_is_refused(string name, string form)
    {
        var (least, most) = (Number(form, "least"), Number(form, "most"));

        foreach (var end in new[] { least, most })
            Assert.IsEmpty(Read(name, end).Problems.Where(p => p.Component == name).ToList(), Text(end));
        foreach (var outside in new[] { least - 1, most + 1 })
        {
            var problem = Read(name, outside).Problems.Single();
            Assert.AreEqual((name, ExitCode.Malformed), (problem.Component, problem.Code));
            Assert.Contains(Text(most), problem.Fix, StringComparison.Ordinal, "the range is said");
        }
    }

    [TestMethod]
    public void Every_number_in_the_table_has_a_range()
    {
        var unbounded = EnvTable.Keys
            .Where(k => Types(k).Any(t => t == typeof(int) || t == typeof(double) || t == typeof(TimeSpan)))
            .Where(k => !Bounds().IsMatch(k.Form) && !k.Form.StartsWith("a share", StringComparison.Ordinal))
            .Select(k => k.Name)
            .ToList();

        Assert.IsEmpty(unbounded, string.Join(", ", unbounded));
    }

    [TestMethod]
    public void No_option_class_states_a_range_again()
    {
        var attributes = new[] { typeof(OrchestratorOptions).Assembly, typeof(RankingOptions).Assembly }
            .SelectMany(a => a.GetTypes())
            .SelectMany(t => t.GetProperties())
            .Where(p => p.IsDefined(typeof(System.ComponentModel.DataAnnotations.ValidationAttribute), inherit: true))
            .Select(p => $"{p.DeclaringType!.Name}.{p.Name}")
            .ToList();

        Assert.IsEmpty(attributes, string.Join(", ", attributes));
    }

    [TestMethod]
    public void A_refused_value_reaches_no_option()
    {
        var settings = Read("ORCH_GLOBAL_CONCURRENCY", 1001);

        Assert.AreEqual("16", new ConfigurationBuilder().Add(settings).Build()["Orchestrator:GlobalConcurrency"]);
        Assert.AreEqual(16, BoundOptions.Of<OrchestratorOptions>(settings).GlobalConcurrency);
    }

    [TestMethod]
    public void The_format_list_matches_the_known_formats()
    {
        var form = EnvTable.Keys.Single(k => k.Name == "SLSKD_PREFERRED_FORMATS").Form;

        Assert.AreEqual($"some of {string.Join(", ", AudioFormat.Names)}, separated by commas", form);
    }

    private static IEnumerable<Type> Types(EnvKey key) =>
        key.GetType().GetGenericArguments().Select(t => Nullable.GetUnderlyingType(t) ?? t);

    private static double Number(string form, string end) => double.Parse(Bounds().Match(form).Groups[end].Value, CultureInfo.InvariantCulture);

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);

    private static Settings Read(string name, double value) =>
        Settings.From(new Dictionary<string, string> { [name] = Text(value) }, new Dictionary<string, string>(), HarmonySetup.Names);

    [GeneratedRegex(@"\bfrom (?<least>[0-9.]+) to (?<most>[0-9.]+)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Bounds();
}
