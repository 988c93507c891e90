using Npgsql;

namespace Harmony.Api.Dashboards;

/// <summary>What answers under /hangfire: the genuine dashboard where it is compiled in, else our own pages.</summary>
public static class HangfirePages
{
#if HARMONY_HANGFIRE
    public const bool Genuine = true;

    public static IEndpointConventionBuilder MapHangfirePages(
        this WebApplication app, HangfireTables tables, Func<HttpContext, DashboardAccess> access) =>
        app.MapGenuineDashboard(tables, access);
#else
    public const bool Genuine = false;

    public static IEndpointConventionBuilder MapHangfirePages(
        this WebApplication app, HangfireTables tables, Func<HttpContext, DashboardAccess> access)
    {
        // The deep links show nothing themselves, so neither the database nor the access is asked.
        _ = (tables, access);
        return app.MapDeepLinks();
    }
#endif
}

/// <summary>Where Hangfire's tables are.</summary>
/// <param name="Address">For connections in the name of who clicks.</param>
public sealed record HangfireTables(NpgsqlDataSource Source, string Address, string Schema);
