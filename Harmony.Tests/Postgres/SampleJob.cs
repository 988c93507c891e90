using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Harmony.Tests.Postgres;

/// <summary>The job docs/jobs.md teaches with, taken from the page itself: its code compiled, its statement ready to run.</summary>
internal sealed partial class SampleJob
{
    // What ImplicitUsings writes into every project of ours.
    private const string Usings =
        """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private SampleJob(Type job, string sql)
    {
        Job = job;
        Sql = sql;
    }

    public Type Job { get; }

    /// <summary>What the page tells a reader to type into psql.</summary>
    public string Sql { get; }

    public static SampleJob Read(string page)
    {
        var code = Code().Match(page);
        var sql = Statement().Match(page);
        Assert.IsTrue(code.Success, "docs/jobs.md has no ```csharp block any more");
        Assert.IsTrue(sql.Success, "docs/jobs.md has no psql line with harmony.enqueue any more");
        var types = Compile(code.Groups["text"].Value).GetTypes();
        return new SampleJob(types.Single(t => t.Name.EndsWith("Job", StringComparison.Ordinal)), sql.Groups["text"].Value.Replace("\\\"", "\"", StringComparison.Ordinal));
    }

    private static Assembly Compile(string code)
    {
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(p => p.EndsWith(".dll", StringComparison.Ordinal))
            .Select(p => MetadataReference.CreateFromFile(p));
        var parse = new CSharpParseOptions(LanguageVersion.Latest);
        var options = new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary,
            generalDiagnosticOption: ReportDiagnostic.Error,
            nullableContextOptions: NullableContextOptions.Enable);
        var made = CSharpCompilation.Create(
            "docs.jobs", [CSharpSyntaxTree.ParseText(Usings, parse), CSharpSyntaxTree.ParseText(code, parse, "docs/jobs.md")], references, options);
        using var image = new MemoryStream();
        var emitted = made.Emit(image);
        Assert.IsTrue(emitted.Success, $"the sample of docs/jobs.md does not compile:\n{string.Join('\n', emitted.Diagnostics)}");
        return Assembly.Load(image.ToArray());
    }

    [GeneratedRegex(@"^```csharp\r?\n(?<text>.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Code();

    [GeneratedRegex("""^psql .* -c "(?<text>select .*harmony\.enqueue\(.*)"\s*$""", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Statement();
}
