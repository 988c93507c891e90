using System.CommandLine;
using Harmony.Api.Configuration;
using Harmony.Api.Hosting;
using Harmony.Api.Startup;
using Harmony.Orchestrator;

namespace Harmony.Api.Cli;

/// <summary><c>harmony serve</c>: the API, the job server, or both, until a stop signal.</summary>
internal static class ServeVerb
{
    public static Command Make(Func<Settings> load)
    {
        var verb = new Command("serve", "Answer requests and run jobs (HARMONY_ROLES=api,worker).");
        verb.SetAction((_, cancellationToken) => RunAsync(load(), cancellationToken));
        return verb;
    }

    public static async Task<int> RunAsync(Settings settings, CancellationToken cancellationToken)
    {
        using var host = HarmonyHost.Build(settings);
        StartCheck.Run(settings);
        var jobs = host.Services.GetService<JobServer>();
        try
        {
            await host.RunAsync(cancellationToken);
            return jobs?.ExitCode ?? 0;
        }
        catch (IOException e) when (e.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            // Another program took it since the check.
            throw new StartupException(StartCheck.PortTaken(settings));
        }
    }
}
