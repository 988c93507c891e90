using System.Diagnostics;
using System.Xml.Linq;
using Harmony.Tests.Postgres;

namespace Harmony.Tests.Http;

/// <summary>The version stands in Directory.Build.props and is read from there everywhere.</summary>
[TestClass]
public sealed class VersionTests
{
    private static readonly string Written = XDocument.Load(Path.Combine(Clone.Root, "Directory.Build.props")).Descendants("VersionPrefix").Single().Value;

    public required TestContext TestContext { get; set; }

    [TestMethod]
    public async Task Status_pages_and_description_show_the_build_version()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var host = await ApiHost.StartAsync(database);

        Assert.AreEqual(Written, (await host.GetAsync("/api/v1/status")).Json.GetProperty("version").GetString());
        Assert.AreEqual(Written, (await host.GetAsync("/api/v1/openapi.json")).Json.GetProperty("info").GetProperty("version").GetString());
        Assert.Contains($"<span>Harmony {Written}</span>", (await host.GetAsync("/ui")).Text, StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task The_program_prints_the_build_version()
    {
        using var program = Process.Start(new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "harmony.dll"), "--version"]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        var printed = await program.StandardOutput.ReadToEndAsync(TestContext.CancellationToken);
        await program.WaitForExitAsync(TestContext.CancellationToken);

        Assert.AreEqual((0, Written), (program.ExitCode, printed.Trim()));
    }
}
