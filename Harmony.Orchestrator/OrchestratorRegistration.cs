using Harmony.Data;
using Harmony.Orchestrator.Native;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Harmony.Orchestrator;

/// <summary>The engine's services. <c>AddHarmonyQueue</c> is enough to enqueue and to look; a worker adds the rest.</summary>
public static class OrchestratorRegistration
{
    public static IServiceCollection AddHarmonyQueue(this IServiceCollection services)
    {
        services.TryAddSingleton<Database>();
        services.TryAddSingleton<JobQueue>();
        services.TryAddSingleton<JobBoard>();
        services.TryAddSingleton<DeadLetters>();
        services.TryAddSingleton<OperatorDesk>();
        services.TryAddSingleton<ProviderGates>();
        return services;
    }

    public static IServiceCollection AddHarmonyWorker(this IServiceCollection services, OrchestratorOptions options, Catalogue catalogue)
    {
        services.AddHarmonyQueue();
        services.TryAddSingleton(options);
        services.TryAddSingleton(catalogue);
        services.TryAddSingleton<RetryPolicies>();
        services.TryAddSingleton<Retention>();
        services.TryAddSingleton(Chance.Seeded(Environment.ProcessId ^ Environment.TickCount));
        services.TryAddSingleton<JobRunner>();
        services.TryAddTransient<JobEntry>();
        services.TryAddSingleton<IJobServer, NativeServer>();
        services.AddHostedService<JobServerService>();
        catalogue.Register(services);
        return services;
    }
}
