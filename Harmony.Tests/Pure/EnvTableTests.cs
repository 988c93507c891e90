using System.Reflection;
using System.Text.RegularExpressions;
using Harmony.Api.Configuration;
using Harmony.Api.Configuration.Keys;
using Harmony.Api.Hosting;

namespace Harmony.Tests.Pure;

[TestClass]
public sealed partial class EnvTableTests
{
    [TestMethod]
    public void The_example_environment_matches_the_table() =>
        Assert.AreEqual(ConfigurationDocs.EnvExample(HarmonySetup.Names), File.ReadAllText(Path.Combine(Root, ".env.example")), "run: scripts/harmony config --write");

    [TestMethod]
    public void The_documentation_page_matches_the_table() =>
        Assert.AreEqual(ConfigurationDocs.Markdown(HarmonySetup.Names), File.ReadAllText(Path.Combine(Root, "docs", "configuration.md")), "run: scripts/harmony config --write");

    [TestMethod]
    public void Every_declared_key_is_in_the_table()
    {
        var declared = Fields().Select(f => (EnvKey)f.GetValue(null)!).Select(k => k.Name).Order().ToList();

        CollectionAssert.AreEqual(declared, EnvTable.Keys.Select(k => k.Name).Order().ToList());
    }

    [TestMethod]
    public void No_name_is_used_twice()
    {
        var names = EnvTable.Keys.SelectMany(k => k.Names).Concat(EnvTable.Retired.Select(r => r.Name)).ToList();

        Assert.HasCount(names.Distinct().Count(), names);
    }

    [TestMethod]
    public void Every_key_in_the_table_is_read_by_code()
    {
        var code = string.Concat(Sources().Where(f => !f.Contains($"{Path.DirectorySeparatorChar}Keys{Path.DirectorySeparatorChar}", StringComparison.Ordinal)).Select(File.ReadAllText));
        // A key that sets options is read where they are bound.
        var unread = Fields().Where(f => ((EnvKey)f.GetValue(null)!).Sets.Count == 0).Select(f => $"{f.DeclaringType!.Name}.{f.Name}").Where(use => !Regex.IsMatch(code, $@"\b{Regex.Escape(use)}\b", RegexOptions.None, TimeSpan.FromSeconds(5))).ToList();

        Assert.IsEmpty(unread, string.Join(", ", unread));
    }

    [TestMethod]
    public void Nothing_reads_the_environment_except_the_table()
    {
        var others = Sources()
            .Where(f => EnvironmentRead().IsMatch(File.ReadAllText(f)))
            .Select(Path.GetFileName)
            .Where(f => f != "Settings.cs")
            .ToList();

        Assert.IsEmpty(others, string.Join(", ", others));
    }

    [TestMethod]
    public void Keys_for_compose_only_are_in_the_compose_file()
    {
        var compose = File.ReadAllText(Path.Combine(Root, "compose.yaml"));

        Assert.IsEmpty(ComposeKeys.All.Where(k => !compose.Contains($"${{{k.Name}:", StringComparison.Ordinal)).Select(k => k.Name).ToList());
    }

    [TestMethod]
    public void Every_default_can_be_parsed()
    {
        foreach (var key in EnvTable.Keys.Where(k => k.DefaultText is { Length: > 0 }))
        {
            var settings = Settings.From(new Dictionary<string, string> { [key.Name] = key.DefaultText! }, new Dictionary<string, string>(), HarmonySetup.Names);
            Assert.IsEmpty(settings.Problems, key.Name);
        }
    }

    private static string Root
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder.FullName, "Harmony.sln")))
                folder = folder.Parent ?? throw new InvalidOperationException("The tests must run below the clone.");
            return folder.FullName;
        }
    }

    private static IEnumerable<FieldInfo> Fields() =>
        typeof(EnvTable).Assembly.GetTypes()
            .Where(t => t.Namespace == "Harmony.Api.Configuration.Keys")
            .SelectMany(t => t.GetFields(BindingFlags.Public | BindingFlags.Static))
            .Where(f => f.FieldType.IsAssignableTo(typeof(EnvKey)));

    private static IEnumerable<string> Sources() =>
        new[] { "Harmony.Data", "Harmony.Orchestrator", "Harmony.Jobs", "Harmony.Api" }
            .SelectMany(room => Directory.EnumerateFiles(Path.Combine(Root, room), "*.cs", SearchOption.AllDirectories))
            .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    [GeneratedRegex("GetEnvironmentVariables?\\(", RegexOptions.None, 1000)]
    private static partial Regex EnvironmentRead();
}
