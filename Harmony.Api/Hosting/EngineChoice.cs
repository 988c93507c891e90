using Harmony.Api.Configuration;
using Harmony.Api.Configuration.Keys;
using Harmony.Api.Dashboards;

namespace Harmony.Api.Hosting;

/// <summary>Which server carries the jobs, and why that one.</summary>
public static class EngineChoice
{
    public static string Sentence { get; } = HangfirePages.Genuine
        ? "Native engine; Hangfire's own dashboard is at /hangfire"
        : "Native engine; Hangfire's own packages are not built in";

    public static void Check(Settings settings)
    {
        if (settings.Get(HostKeys.Engine) == "hangfire")
        {
            throw new StartupException(new SettingProblem(
                ExitCode.Missing, HostKeys.Engine.Name, "hangfire is asked for, but this build has no genuine Hangfire server.", "Use auto or native."));
        }
    }
}
