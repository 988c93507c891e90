using System.Xml.Linq;

namespace Harmony.Tests.Pure;

/// <summary>The house itself: which room may see which, and where SQL is written.</summary>
[TestClass]
public sealed class StructureTests
{
    private static readonly string[] Line = ["Harmony.Data", "Harmony.Orchestrator", "Harmony.Jobs", "Harmony.Api"];

    private static string Root
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder!.FullName, "Harmony.sln")))
                folder = folder.Parent;
            return folder.FullName;
        }
    }

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
    [DataRow("Harmony.Orchestrator", "artist|album|spotify|soulseek|slskd|lyrics|music")]
    public void The_engine_knows_no_music(string room, string words)
    {
        var offenders = Sources(room)
            .Where(f => System.Text.RegularExpressions.Regex.IsMatch(
                File.ReadAllText(f), $@"\b\w*({words})\w*\b", System.Text.RegularExpressions.RegexOptions.IgnoreCase | System.Text.RegularExpressions.RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5)))
            .Select(f => Path.GetRelativePath(Root, f))
            .ToList();
        Assert.IsEmpty(offenders, string.Join(", ", offenders));
    }

    [TestMethod]
    public void The_configuration_needs_no_other_folder_of_the_host()
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
    public void Sql_is_written_below_the_jobs_only(string room)
    {
        var offenders = Sources(room)
            .Where(f => System.Text.RegularExpressions.Regex.IsMatch(
                File.ReadAllText(f),
                @"(?m)^\s*""?(select( distinct)?$|select .* from |insert into |update \w+\.?\w* set|delete from )",
                System.Text.RegularExpressions.RegexOptions.ExplicitCapture | System.Text.RegularExpressions.RegexOptions.Multiline,
                TimeSpan.FromSeconds(5)))
            .Select(f => Path.GetRelativePath(Root, f))
            .ToList();
        Assert.IsEmpty(offenders, string.Join(", ", offenders));
    }

    [TestMethod]
    public void Every_migration_has_a_rollback_and_says_why_in_its_first_line()
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
    public void Every_function_is_in_one_file_of_its_subject_that_says_what_it_promises()
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
    public void The_functions_of_the_engine_know_no_music()
    {
        var offenders = Directory.EnumerateFiles(Path.Combine(Root, "sql", "functions"), "*.sql", SearchOption.AllDirectories)
            .Where(f => Path.GetFileName(Path.GetDirectoryName(f)) != "library")
            .Where(f => System.Text.RegularExpressions.Regex.IsMatch(
                File.ReadAllText(f), @"artist|album|spotify|soulseek|slskd|lyrics|music|public\.", System.Text.RegularExpressions.RegexOptions.IgnoreCase, TimeSpan.FromSeconds(5)))
            .Select(f => Path.GetRelativePath(Root, f))
            .ToList();
        Assert.IsEmpty(offenders, string.Join(", ", offenders));
    }

    private static IEnumerable<string> Sources(string room) =>
        Directory.EnumerateFiles(Path.Combine(Root, room), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal));
}
