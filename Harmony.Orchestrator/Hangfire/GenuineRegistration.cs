using Microsoft.Extensions.DependencyInjection;

namespace Harmony.Orchestrator.Genuine;

public static class GenuineRegistration
{
    /// <summary>Before <c>AddHarmonyWorker</c>: genuine Hangfire's server carries this process's jobs instead of the native one.</summary>
    public static IServiceCollection AddGenuineJobServer(this IServiceCollection services, string schema) =>
        services.AddSingleton(new GenuineSchema(schema)).AddSingleton<IJobServer, GenuineServer>();
}

/// <summary>The schema of Hangfire's tables.</summary>
internal sealed record GenuineSchema(string Name);
