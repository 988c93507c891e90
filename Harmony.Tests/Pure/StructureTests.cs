using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Harmony.Api.Hosting;
using Microsoft.AspNetCore.Components;

namespace Harmony.Tests.Pure;

/// <summary>The house itself: which room may see which, and where SQL is written.</summary>
[TestClass]
public sealed class StructureTests
{
    private static readonly string[] Line = ["Harmony.Data", "Harmony.Orchestrator", "Harmony.Jobs", "Harmony.Api"];

    private static readonly string Root = Clone.Root;

    [TestMethod]
    public void Project_references_form_one_straight_line()
    {
        for (var i = 0; i < Line.Length; i++)
        {
            var references = XDocument.Load(Path.Combine(Root, Line[i], Line[i] + ".csproj"))
                .Descendants("ProjectReference")
                .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')))
                .ToArray();
            CollectionAssert.AreEqual(i == 0 ? [] : new[] { Line[i - 1] }, references, Line[i]);
        }
    }

    [TestMethod]
    public void Product_and_sandbox_do_not_reference_each_other()
    {
        Assert.IsEmpty(XDocument.Load(Path.Combine(Root, "Harmony.Sandbox", "Harmony.Sandbox.csproj")).Descendants("ProjectReference").ToList());
        foreach (var room in Line)
            Assert.IsEmpty(Sources(room).Where(f => Regex.IsMatch(File.ReadAllText(f), @"\bHarmony\.(?:Sandbox|Bench)\b", RegexOptions.None, TimeSpan.FromSeconds(5))).ToList(), room);
    }

    [TestMethod]
    [DataRow("Harmony.Data")]
    [DataRow("Harmony.Orchestrator")]
    [DataRow("Harmony.Jobs")]
    [DataRow("Harmony.Api")]
    [DataRow("Harmony.Bench")]
    [DataRow("Harmony.Sandbox")]
    public void Sibling_folders_have_no_circular_references(string project)
    {
        var graph = FolderGraph.Of(project);
        var circles = graph.Circles();
        Assert.IsEmpty(circles, string.Join("\n\n", circles.Select(circle => $"{project}: {string.Join(", ", circle)}\n{graph.Explain(circle)}")));
    }

    // The engine's public surface is one namespace; a namespace named Hangfire would also hide Hangfire's own.
    [TestMethod]
    [DataRow("Harmony.Data")]
    [DataRow("Harmony.Orchestrator", "Declare|Enqueue|Hangfire|Operate|Read|Run")]
    [DataRow("Harmony.Jobs")]
    [DataRow("Harmony.Api")]
    [DataRow("Harmony.Bench")]
    public void A_namespace_matches_its_folder(string project, string? but = null)
    {
        var offenders = Sources(project)
            .Where(f => Path.GetFileName(f) != "Program.cs")
            .Select(f => (File: Path.GetRelativePath(Root, f), Expected: Path.GetDirectoryName(Path.GetRelativePath(Root, f))!.Replace('/', '.')))
            .Select(f => but?.Split('|').Contains(f.Expected[(f.Expected.LastIndexOf('.') + 1)..]) == true ? f with { Expected = project } : f)
            .Where(f => !File.ReadLines(Path.Combine(Root, f.File)).Contains($"namespace {f.Expected};"))
            .Select(f => f.File)
            .ToList();
        Assert.IsEmpty(offenders, string.Join(", ", offenders));
    }

    // Razor makes every component public, and then what its signature shows must be public too.
    [TestMethod]
    public void Only_components_and_their_types_are_public()
    {
        // Those two are written by ASP.NET's and Razor's generators.
        var exported = typeof(HarmonyHost).Assembly.GetExportedTypes().Where(t => !t.IsNested && t.Name is not ("Program" or "_Imports")).ToHashSet();
        HashSet<Type> shown = [];
        var next = new Queue<Type>(exported.Where(t => t.IsAssignableTo(typeof(IComponent))));
        while (next.TryDequeue(out var type))
        {
            if (exported.Contains(type) && shown.Add(type))
            {
                foreach (var other in Shown(type).SelectMany(Parts))
                    next.Enqueue(other);
            }
        }

        Assert.IsNotEmpty(shown);
        Assert.AreEqual("", string.Join(", ", exported.Except(shown).Select(t => t.Name).Order(StringComparer.Ordinal)));
    }

    [TestMethod]
    [DataRow("Harmony.Orchestrator", "artist|album|spotify|soulseek|slskd|lyrics|music")]
    public void The_engine_does_not_reference_music(string room, string words)
    {
        var offenders = Sources(room)
            .Where(f => Regex.IsMatch(
                File.ReadAllText(f), $@"\b\w*({words})\w*\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5)))
            .Select(f => Path.GetRelativePath(Root, f))
            .ToList();
        Assert.IsEmpty(offenders, string.Join(", ", offenders));
    }

    [TestMethod]
    public void The_configuration_references_no_other_host_folder()
    {
        var offenders = Sources(Path.Combine("Harmony.Api", "Configuration"))
            .Where(f => System.Text.RegularExpressions.Regex.IsMatch(
                File.ReadAllText(f), @"Harmony\.Api\.(?!Configuration\b)|Harmony\.Jobs\.Search\b", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(5)))
            .Select(f => Path.GetRelativePath(Root, f))
            .ToList();
        Assert.IsEmpty(offenders, string.Join(", ", offenders));
    }

    [TestMethod]
    [DataRow("Harmony.Jobs")]
    [DataRow("Harmony.Api")]
    public void Jobs_and_host_contain_no_SQL(string room)
    {
        var offenders = Sources(room)
            .Where(f => Regex.IsMatch(
                File.ReadAllText(f),
                @"(?m)^\s*""?(select( distinct)?$|select .* from |insert into |update \w+\.?\w* set|delete from )",
                RegexOptions.ExplicitCapture | RegexOptions.Multiline,
                TimeSpan.FromSeconds(5)))
            .Select(f => Path.GetRelativePath(Root, f))
            .ToList();
        Assert.IsEmpty(offenders, string.Join(", ", offenders));
    }

    // .editorconfig asks for braces around several lines; no analyzer here asks for none around one.
    [TestMethod]
    [DataRow("Harmony.Data")]
    [DataRow("Harmony.Orchestrator")]
    [DataRow("Harmony.Jobs")]
    [DataRow("Harmony.Api")]
    [DataRow("Harmony.Bench")]
    [DataRow("Harmony.Sandbox")]
    [DataRow("Harmony.Tests")]
    public void One_line_alone_has_no_braces(string project)
    {
        var offenders = Sources(project)
            .SelectMany(f => Regex.Matches(
                    File.ReadAllText(f),
                    """
                    ^(?<in> +)((await )?(if|foreach|for|while|using|lock) ?\(.*\))
                    \k<in>\{
                    \k<in>    (?!(if|foreach|for|while|using|lock|switch|try|do|var|const|await (using|foreach))\b).*;
                    \k<in>\}
                    (?!\k<in>else\b)
                    """,
                    RegexOptions.ExplicitCapture | RegexOptions.Multiline,
                    TimeSpan.FromSeconds(5))
                .Select(m => $"{Path.GetRelativePath(Root, f)}: {m.Value.Split('\n')[0].Trim()}"))
            .ToList();
        Assert.IsEmpty(offenders, string.Join(", ", offenders));
    }

    [TestMethod]
    public void Every_migration_has_a_rollback_and_a_description()
    {
        foreach (var folder in (string[])["migrations", "rollback"])
        {
            var files = Directory.GetFiles(Path.Combine(Root, "sql", folder), "*.sql");
            Assert.IsNotEmpty(files);
            foreach (var file in files)
                Assert.IsTrue(File.ReadLines(file).First().StartsWith("-- ", StringComparison.Ordinal), file);
        }

        CollectionAssert.AreEquivalent(
            Directory.GetFiles(Path.Combine(Root, "sql", "migrations")).Select(Path.GetFileName).ToArray(),
            Directory.GetFiles(Path.Combine(Root, "sql", "rollback")).Select(Path.GetFileName).ToArray());
    }

    [TestMethod]
    public void Every_function_is_in_one_described_file()
    {
        var functions = Path.Combine(Root, "sql", "functions");
        var files = Directory.GetFiles(functions, "*.sql", SearchOption.AllDirectories);
        var names = new List<string>();
        foreach (var file in files)
        {
            var lines = File.ReadAllLines(file);
            Assert.IsTrue(lines[0].StartsWith("-- ", StringComparison.Ordinal), file);
            Assert.IsLessThanOrEqualTo(320, lines.Length, file);
            Assert.AreEqual(2, Path.GetRelativePath(functions, file).Split(Path.DirectorySeparatorChar).Length, file);
            names.AddRange(lines.Where(l => l.StartsWith("create or replace function ", StringComparison.Ordinal)).Select(l => l.Split(' ', '(')[4]));
        }

        Assert.IsGreaterThan(100, names.Count);
        CollectionAssert.AllItemsAreUnique(names);
        // A table's lock is not waited for behind that of another, so triggers are not among functions.
        Assert.IsEmpty(files.Where(f => File.ReadLines(f).Any(l => l.StartsWith("create or replace trigger ", StringComparison.Ordinal)) && !Path.GetFileName(f).StartsWith("triggers_on_", StringComparison.Ordinal)));
        // The clock is declared for the defaults of the tables; its text is in its file.
        CollectionAssert.AreEqual(
            new[] { "create function harmony.now() returns timestamptz language sql as 'select null::timestamptz';" },
            Directory.GetFiles(Path.Combine(Root, "sql", "migrations")).SelectMany(File.ReadLines).Where(l => l.StartsWith("create", StringComparison.Ordinal) && l.Contains(" function ", StringComparison.Ordinal)).ToArray());
    }

    [TestMethod]
    public void Functions_of_the_engine_do_not_reference_music()
    {
        var offenders = Directory.EnumerateFiles(Path.Combine(Root, "sql", "functions"), "*.sql", SearchOption.AllDirectories)
            .Where(f => Path.GetFileName(Path.GetDirectoryName(f)) != "library")
            .Where(f => System.Text.RegularExpressions.Regex.IsMatch(
                File.ReadAllText(f), @"artist|album|spotify|soulseek|slskd|lyrics|music|public\.", System.Text.RegularExpressions.RegexOptions.IgnoreCase, TimeSpan.FromSeconds(5)))
            .Select(f => Path.GetRelativePath(Root, f))
            .ToList();
        Assert.IsEmpty(offenders, string.Join(", ", offenders));
    }

    private static IEnumerable<Type> Shown(Type type)
    {
        const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        if (type.BaseType is { } parent)
            yield return parent;
        foreach (var implemented in type.GetInterfaces())
            yield return implemented;
        foreach (var method in type.GetMembers(All).OfType<MethodBase>().Where(m => m.IsPublic || m.IsFamily || m.IsFamilyOrAssembly))
        {
            foreach (var parameter in method.GetParameters())
                yield return parameter.ParameterType;
            if (method is MethodInfo { ReturnType: var returned })
                yield return returned;
        }

        foreach (var field in type.GetFields(All).Where(f => f.IsPublic || f.IsFamily))
            yield return field.FieldType;
        foreach (var nested in type.GetNestedTypes().SelectMany(Shown))
            yield return nested;
    }

    private static IEnumerable<Type> Parts(Type type)
    {
        if (type.HasElementType)
            return Parts(type.GetElementType()!);
        var own = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        return [own.DeclaringType ?? own, .. type.GetGenericArguments().Where(a => !a.IsGenericParameter).SelectMany(Parts), .. type.GetGenericArguments().Where(a => a.IsGenericParameter).SelectMany(a => a.GetGenericParameterConstraints()).SelectMany(Parts)];
    }

    private static IEnumerable<string> Sources(string room) =>
        Directory.EnumerateFiles(Path.Combine(Root, room), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal));
}
