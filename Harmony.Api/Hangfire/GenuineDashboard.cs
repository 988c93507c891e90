using Hangfire;
using Hangfire.Dashboard;
using Hangfire.PostgreSql;
using Microsoft.AspNetCore.Antiforgery;
using Npgsql;

namespace Harmony.Api.Dashboards;

/// <summary>Genuine Hangfire's dashboard over the tables our migration created.</summary>
public static class GenuineDashboard
{
    public static IEndpointConventionBuilder MapGenuineDashboard(
        this WebApplication app, NpgsqlDataSource database, string schema, Func<HttpContext, DashboardAccess> access)
    {
        // Without it the dashboard would skip the check instead of failing.
        app.Services.GetRequiredService<IAntiforgery>();
        // What a click writes must look like what we write; these settings are Hangfire's own and process-wide.
        GlobalConfiguration.Configuration
            .SetDataCompatibilityLevel(CompatibilityLevel.Version_180)
            .UseSimpleAssemblyNameTypeSerializer()
            .UseRecommendedSerializerSettings();

        var storage = new PostgreSqlStorage(new DataSourceConnections(database), new PostgreSqlStorageOptions
        {
            SchemaName = schema,
            PrepareSchemaIfNecessary = false,
        });
        return app.Map("/hangfire/{**path}", Pipeline(app, storage, Options(access)));
    }

    private static DashboardOptions Options(Func<HttpContext, DashboardAccess> access) => new()
    {
        Authorization = [new AccessFilter(access)],
        IsReadOnlyFunc = context => access(context.GetHttpContext()) != DashboardAccess.Write,
        IgnoreAntiforgeryToken = false,
        DisplayStorageConnectionString = false,
        DashboardTitle = "Harmony on Hangfire",
        AppPath = "/ui",
        TimeZoneResolver = new DefaultTimeZoneResolver(),
    };

    // The library's own mapping wants its services and one storage per process; this keeps storage and host together.
    private static RequestDelegate Pipeline(IEndpointRouteBuilder app, JobStorage storage, DashboardOptions options) =>
        app.CreateApplicationBuilder()
            .UsePathBase("/hangfire")
            .UseMiddleware<AspNetCoreDashboardMiddleware>(storage, options, DashboardRoutes.Routes, true)
            .Build();

    private sealed class AccessFilter(Func<HttpContext, DashboardAccess> access) : IDashboardAuthorizationFilter
    {
        public bool Authorize(DashboardContext context) => access(context.GetHttpContext()) != DashboardAccess.None;
    }

    private sealed class DataSourceConnections(NpgsqlDataSource database) : IConnectionFactory
    {
        public NpgsqlConnection GetOrCreateConnection() => database.CreateConnection();
    }
}
