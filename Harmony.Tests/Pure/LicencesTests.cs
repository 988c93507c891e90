using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Harmony.Tests.Pure;

/// <summary>docs/licences.md names what is shipped, in the versions that are locked.</summary>
[TestClass]
public sealed partial class LicencesTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Clone.Root, "docs", "licences.md"));

    [TestMethod]
    public void Every_shipped_package_is_listed_with_its_version() =>
        Assert.AreEqual(string.Join('\n', Shipped()), string.Join('\n', Rows().Select(r => $"{r.Name} {r.Version}")));

    [TestMethod]
    public void Every_required_licence_text_is_included()
    {
        var licences = Rows().Select(r => r.Licence.Replace("-or-later", "", StringComparison.Ordinal).Replace("-only", "", StringComparison.Ordinal)).Distinct();
        // Those two ask for their notice only, which every package carries.
        var missing = licences.Except(["MIT", "PostgreSQL"]).Where(licence => !File.Exists(Path.Combine(Clone.Root, "LICENSES", licence + ".txt"))).ToList();
        Assert.IsEmpty(missing, string.Join(", ", missing));
    }

    private static IEnumerable<string> Shipped()
    {
        var buildOnly = XDocument.Load(Path.Combine(Clone.Root, "Directory.Build.props"))
            .Descendants("PackageReference")
            .Where(package => package.Attribute("PrivateAssets")?.Value == "all")
            .Select(package => package.Attribute("Include")!.Value)
            .ToList();
        return JsonElement.Parse(File.ReadAllText(Path.Combine(Clone.Root, "Harmony.Api", "packages.lock.json")))
            .GetProperty("dependencies").EnumerateObject()
            .SelectMany(framework => framework.Value.EnumerateObject())
            .Where(package => package.Value.GetProperty("type").GetString() != "Project" && !buildOnly.Contains(package.Name))
            .Select(package => $"{package.Name} {package.Value.GetProperty("resolved").GetString()}")
            .Distinct()
            .Order(StringComparer.Ordinal);
    }

    private static IEnumerable<(string Name, string Version, string Licence)> Rows() => Row().Matches(Page)
        .Select(row => (row.Groups["name"].Value, row.Groups["version"].Value, row.Groups["licence"].Value))
        .OrderBy(row => $"{row.Item1} {row.Item2}", StringComparer.Ordinal);

    [GeneratedRegex(@"^\| (?<name>[\w.]+) \| (?<version>\d[\w.-]*) \| (?<licence>[\w.-]+) \| <https://", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex Row();
}
