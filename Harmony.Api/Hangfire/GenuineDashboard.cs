using Hangfire;
using Hangfire.Dashboard;
using Harmony.Orchestrator.Genuine;
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
        var storage = GenuineStorage.Open(database, schema);
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
}
