using Npgsql;

namespace Harmony.Api.Dashboards;

/// <summary>What answers under /hangfire: the genuine dashboard where it is compiled in, else our own pages.</summary>
public static class HangfirePages
{
#if HARMONY_HANGFIRE
    public const bool Genuine = true;

    public static IEndpointConventionBuilder MapHangfirePages(
        this WebApplication app, NpgsqlDataSource database, string schema, Func<HttpContext, DashboardAccess> access) =>
        app.MapGenuineDashboard(database, schema, access);
#else
    public const bool Genuine = false;

    public static IEndpointConventionBuilder MapHangfirePages(
        this WebApplication app, NpgsqlDataSource database, string schema, Func<HttpContext, DashboardAccess> access)
    {
        // The deep links show nothing themselves, so neither the database nor the access is asked.
        _ = (database, schema, access);
        return app.MapDeepLinks();
    }
#endif
}
