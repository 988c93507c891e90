using Harmony.Api.Configuration;
using Harmony.Api.Configuration.Keys;
using Harmony.Data;
using Harmony.Data.Migrations;
using Harmony.Jobs;
using Harmony.Jobs.Providers;
using Harmony.Orchestrator;
using Npgsql;

namespace Harmony.Api.Hosting;

/// <summary>The services of the projects below the host: the same for requests, workers and verbs.</summary>
internal static class HarmonySetup
{
    public static EngineNames Names { get; } = EngineNames.Of(Catalogue.Of(Lanes.All, typeof(Lanes).Assembly));

    public static void AddHarmony(this IServiceCollection services, Settings settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(_ => DataSources.Open(DatabaseAddress.Of(settings), "harmony"));
        services.AddSingleton(provider => new Migrator(provider.GetRequiredService<NpgsqlDataSource>(), settings.Get(DatabaseKeys.HangfireSchema)));
        services.AddSingleton(CatalogueOf(settings));
        services.AddRoomOptions(settings);
        services.AddHarmonyQueue();
        services.AddHarmonyProviders(RoomOptions.Providers(settings));
        services.AddHarmonyJobs();
    }

    /// <summary>The job server; the catalogue and options are registered already.</summary>
    public static void AddHarmonyJobServer(this IServiceCollection services, Settings settings)
    {
        services.AddHarmonyWorker(CatalogueOf(settings));
        services.AddHostedService<RetryReload>();
        services.AddHostedService<SignInCheck>();
    }

    private static Catalogue CatalogueOf(Settings settings) =>
        Catalogue.Of(RoomOptions.LanesOf(settings.Get(ProviderKeys.SlskdSearchBudget)), typeof(Lanes).Assembly);
}
