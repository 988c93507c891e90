using System.CommandLine;
using Harmony.Api.Configuration;
using Harmony.Jobs;
using Harmony.Orchestrator;

namespace Harmony.Api.Cli;

/// <summary><c>harmony config</c>: shows, writes or compares the documents about the environment.</summary>
internal static class ConfigVerb
{
    public static Command Make(EngineNames names)
    {
        var write = new Option<bool>("--write") { Description = "Write .env.example, docs/configuration.md and the catalogue in docs/jobs.md, below the working directory." };
        var verb = new Command("config", "Print .env.example as the code means it.") { write };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            if (!parsed.GetValue(write))
            {
                await parsed.InvocationConfiguration.Output.WriteAsync(ConfigurationDocs.EnvExample(names));
                return 0;
            }

            await File.WriteAllTextAsync(".env.example", ConfigurationDocs.EnvExample(names), cancellationToken);
            await File.WriteAllTextAsync(Path.Combine("docs", "configuration.md"), ConfigurationDocs.Markdown(names), cancellationToken);
            var jobs = Path.Combine("docs", "jobs.md");
            var catalogue = Catalogue.Of(Lanes.All, JobsRegistration.Assembly);
            await File.WriteAllTextAsync(jobs, CatalogueTable.Renew(await File.ReadAllTextAsync(jobs, cancellationToken), catalogue), cancellationToken);
            return 0;
        });
        return verb;
    }
}
