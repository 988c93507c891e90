using Harmony.Api.Configuration;
using Harmony.Api.Configuration.Keys;
using Harmony.Data;
using Harmony.Data.Migrations;
using Harmony.Jobs;
using Harmony.Jobs.Providers;
using Harmony.Orchestrator;
using Npgsql;

namespace Harmony.Api.Hosting;

/// <summary>The rooms below the host, as services: the same for requests, workers and verbs.</summary>
public static class HarmonySetup
{
    public static EngineNames Names { get; } = EngineNames.Of(Catalogue.Of(Lanes.All, JobsRegistration.Assembly));

    public static void AddHarmony(this IServiceCollection services, Settings settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(_ => DataSources.Open(DatabaseAddress.Of(settings), "harmony"));
        services.AddSingleton<Database>();
        services.AddSingleton(provider => new Migrator(provider.GetRequiredService<NpgsqlDataSource>(), settings.Get(DatabaseKeys.HangfireSchema)));
        services.AddSingleton(Catalogue.Of(RoomOptions.LanesOf(settings.Get(ProviderKeys.SlskdSearchBudget)), JobsRegistration.Assembly));
        services.AddRoomOptions(settings);
        services.AddSingleton<JobQueue>();
        services.AddSingleton<JobBoard>();
        services.AddSingleton<DeadLetters>();
        services.AddSingleton<OperatorDesk>();
        services.AddSingleton<EngineBoard>();
        services.AddSingleton<Overview>();
        services.AddSingleton<RetryPolicies>();
        services.AddHarmonyProviders(RoomOptions.Providers(settings));
        services.AddHarmonyJobs();
    }
}
