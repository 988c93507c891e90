using Hangfire;
using Harmony.Data;
using Harmony.Orchestrator.Schedules;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Harmony.Orchestrator;

/// <summary>The engine's services. <c>AddHarmonyQueue</c> is enough to enqueue and to read; a worker adds the rest.</summary>
public static class OrchestratorRegistration
{
    public static IServiceCollection AddHarmonyQueue(this IServiceCollection services)
    {
        services.TryAddSingleton<Database>();
        services.TryAddSingleton<OrchestratorOptions>();
        services.TryAddSingleton<JobQueue>();
        services.TryAddSingleton<JobLedger>();
        services.TryAddSingleton<DeadLetters>();
        services.TryAddSingleton<EngineState>();
        services.TryAddSingleton<OperatorAudit>();
        services.TryAddSingleton<ScheduleReader>();
        services.TryAddSingleton<JobOperations>();
        services.TryAddSingleton<ProviderGates>();
        services.TryAddSingleton<KindSync>();
        services.AddHangfireClient();
        return services;
    }

    public static IServiceCollection AddHarmonyWorker(this IServiceCollection services, OrchestratorOptions options, Catalogue catalogue)
    {
        services.TryAddSingleton(options);
        return services.AddHarmonyWorker(catalogue);
    }

    /// <summary>Requires that the host registers <see cref="OrchestratorOptions"/>.</summary>
    public static IServiceCollection AddHarmonyWorker(this IServiceCollection services, Catalogue catalogue)
    {
        services.AddHarmonyQueue();
        services.TryAddSingleton(catalogue);
        services.TryAddSingleton<RetryPolicies>();
        services.TryAddSingleton<Retention>();
        services.TryAddSingleton(RandomSource.Seeded(Environment.ProcessId ^ Environment.TickCount));
        services.TryAddSingleton<JobRuns>();
        services.TryAddSingleton<JobRunner>();
        services.TryAddSingleton<JobServerParts>();
        services.TryAddSingleton<JobServer>();
        services.AddHostedService(provider => provider.GetRequiredService<JobServer>());
        catalogue.Register(services);
        return services;
    }

    // IBackgroundJobClient, IRecurringJobManager and JobStorage of this host. Hangfire itself would take them from statics.
    private static void AddHangfireClient(this IServiceCollection services)
    {
        services.TryAddSingleton(provider => new HarmonyStorage(
            provider.GetRequiredService<Database>().Source, provider.GetRequiredService<OrchestratorOptions>(), provider.GetService<DashboardUser>()));
        services.TryAddSingleton<JobStorage>(provider => provider.GetRequiredService<HarmonyStorage>());
        services.TryAddSingleton<HangfireStatics>();
        services.AddHangfire((provider, configuration) =>
        {
            provider.GetRequiredService<HangfireStatics>();
            HarmonyStorage.SetFormats(configuration).UseStorage(provider.GetRequiredService<JobStorage>());
        });
    }
}
