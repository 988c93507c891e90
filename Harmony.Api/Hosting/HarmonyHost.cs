using Harmony.Api.Access;
using Harmony.Api.Artists;
using Harmony.Api.Configuration;
using Harmony.Api.Configuration.Keys;
using Harmony.Api.Dashboards;
using Harmony.Api.Dlq;
using Harmony.Api.Downloads;
using Harmony.Api.Health;
using Harmony.Api.Http;
using Harmony.Api.Jobs;
using Harmony.Api.OpenApi;
using Harmony.Api.Pages;
using Harmony.Api.Pages.Shell;
using Harmony.Api.Pauses;
using Harmony.Api.Schedules;
using Harmony.Api.Spotify;
using Harmony.Api.Startup;
using Harmony.Api.Watchlist;
using Harmony.Jobs.Providers;
using Harmony.Jobs.Providers.Http;
using Harmony.Orchestrator;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;
using Serilog;

namespace Harmony.Api.Hosting;

/// <summary>Builds the process from its settings: the roles decide its services.</summary>
internal static class HarmonyHost
{
    public static IHost Build(Settings settings)
    {
        if (settings.Get(HostKeys.Roles).Contains("api"))
            return BuildApi(settings);
        return settings.Get(HostKeys.MetricsPort) is > 0 and var port ? BuildWeb(settings, port, app => app.MapSigns(settings)) : BuildWorker(settings);
    }

    public static WebApplication BuildApi(Settings settings) => BuildWeb(settings, settings.Get(HostKeys.Port), app =>
    {
        app.MapRest(settings);
        app.MapHarmonyPages(Roles.Viewer, Roles.Operator, Roles.Admin);
        app.MapHangfireDashboard(Access)
            .RequireAuthorization(Roles.Viewer);
    });

    private static WebApplication BuildWeb(Settings settings, int port, Action<WebApplication> map)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [], EnvironmentName = Environments.Production, ContentRootPath = AppContext.BaseDirectory });
        AddShared(builder, settings);
        builder.Services.AddHarmonyAccess(settings);
        builder.Services.AddSingleton(provider => new PageHost(provider.GetRequiredService<AccessMode>().Open));
        builder.Services.AddSingleton(new DashboardUser(DatabaseAddress.Of(settings)));
        builder.Services.AddSingleton<AdminArtists>();
        builder.Services.AddHarmonyPages();
        builder.Services.AddHarmonyOpenApi();
        builder.Services.AddHarmonyHealth(settings);
        builder.Services.AddHarmonyMetrics();
        builder.AddHarmonyHttp(settings, port);

        var app = builder.Build();
        Validate(app);
        // Their measurements begin when they exist, so they must exist before the first request.
        app.Services.GetRequiredService<MeterProvider>();
        app.Services.GetRequiredService<EngineGauges>();
        app.Services.GetRequiredService<Uptime>();
        AccessMetrics.Declare();
        ProviderMetrics.Declare(ProviderRegistration.Names);
        app.UseHarmonyHttp(settings);
        map(app);
        return app;
    }

    private static IHost BuildWorker(Settings settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = Environments.Production });
        AddShared(builder, settings);
        var host = builder.Build();
        Validate(host);
        return host;
    }

    // ValidateOnStart would run later, when the pipeline has been built from values that may be refused.
    private static void Validate(IHost host) => host.Services.GetRequiredService<IStartupValidator>().Validate();

    private static void AddShared(IHostApplicationBuilder builder, Settings settings)
    {
        // The table is the only source: others could set an option beyond its range.
        builder.Configuration.Sources.Clear();
        builder.Configuration.Add(settings);
        builder.Logging.ClearProviders();
        builder.Logging.AddSerilog(Logging.LoggerFor(settings), dispose: true);
        var services = builder.Services;
        services.AddHarmony(settings);
        services.AddSingleton<SelfCheck>();
        services.AddSingleton<IValidateOptions<OrchestratorOptions>, SettingsValidation>();
        services.AddHarmonyTraces(settings);
        services.AddHostedService<DatabaseStart>();
        services.AddHostedService<StartNotes>();
        if (settings.Get(HostKeys.Roles).Contains("worker"))
            services.AddHarmonyJobServer(settings);

        // The engine gives running jobs its own grace; the host must outlast it.
        services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(settings.Get(HostKeys.ShutdownGrace) + 10));
    }

    private static DashboardAccess Access(HttpContext context) =>
        context.User.IsInRole(Roles.Admin) ? DashboardAccess.Purge
        : context.User.IsInRole(Roles.Operator) ? DashboardAccess.Write
        : context.User.IsInRole(Roles.Viewer) ? DashboardAccess.Read
        : DashboardAccess.None;

    // The endpoints of a worker for monitoring.
    private static void MapSigns(this WebApplication app, Settings settings)
    {
        app.MapProbes(settings);
        app.MapGroup(settings.Get(HostKeys.BasePath)).MapHealth();
    }

    private static void MapRest(this WebApplication app, Settings settings)
    {
        app.MapProbes(settings);
        var api = app.MapGroup(settings.Get(HostKeys.BasePath)).WithRequestValidation();
        api.MapHealth();
        api.MapIntegrations();
        api.MapArtists();
        api.MapWatchlist();
        api.MapDownloads();
        api.MapWanted();
        api.MapOrders();
        api.MapImports();
        api.MapBackfill();
        api.MapJobs();
        api.MapDlq();
        api.MapLanes();
        api.MapSchedules();
        api.MapDescription(settings);
        if (settings.Get(AccessKeys.AdminApi))
            app.MapAdminArtists();
    }
}
