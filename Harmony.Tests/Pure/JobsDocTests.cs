using Harmony.Api.Cli;
using Harmony.Jobs;
using Harmony.Orchestrator;

namespace Harmony.Tests.Pure;

[TestClass]
public sealed class JobsDocTests
{
    [TestMethod]
    public async Task The_documented_catalogue_matches_the_code()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Harmony.sln")))
            folder = folder.Parent;
        var page = await File.ReadAllTextAsync(Path.Combine(folder.FullName, "docs", "jobs.md"));
        Assert.AreEqual(
            CatalogueTable.Renew(page, Catalogue.Of(Lanes.All, JobsRegistration.Assembly)), page, "run scripts/harmony config --write");
    }
}
