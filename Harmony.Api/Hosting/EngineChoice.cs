using Harmony.Api.Configuration;
using Harmony.Api.Configuration.Keys;
using Harmony.Api.Dashboards;
#if HARMONY_HANGFIRE
using Harmony.Orchestrator.Genuine;
#endif

namespace Harmony.Api.Hosting;

/// <summary>Which server carries the jobs, and why that one.</summary>
public static class EngineChoice
{
    public static string Sentence(Settings settings) => (settings.Get(HostKeys.Engine), HangfirePages.Genuine) switch
    {
        ("hangfire", _) => "Genuine Hangfire engine, as HARMONY_ENGINE says; Hangfire's own dashboard is at /hangfire",
        (_, true) => "Native engine; Hangfire's own dashboard is at /hangfire",
        _ => "Native engine; Hangfire's own packages are not built in",
    };

    public static void Check(Settings settings)
    {
        if (settings.Get(HostKeys.Engine) == "hangfire" && !HangfirePages.Genuine)
        {
            throw new StartupException(new SettingProblem(
                ExitCode.Missing, HostKeys.Engine.Name, "hangfire is asked for, but this build has no genuine Hangfire server.", "Use auto or native."));
        }
    }

    /// <summary>Before the worker's services: what is not named here is native.</summary>
    public static void Add(IServiceCollection services, Settings settings)
    {
#if HARMONY_HANGFIRE
        if (settings.Get(HostKeys.Engine) == "hangfire")
            services.AddGenuineJobServer(settings.Get(DatabaseKeys.HangfireSchema));
#else
        _ = (services, settings);
#endif
    }
}
