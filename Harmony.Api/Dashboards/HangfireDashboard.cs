using System.Globalization;
using Hangfire;
using Hangfire.Dashboard;
using Hangfire.States;
using Harmony.Api.Access;
using Harmony.Api.Http;
using Harmony.Orchestrator;
using Microsoft.AspNetCore.Antiforgery;
using Npgsql;

namespace Harmony.Api.Dashboards;

/// <summary>Hangfire's dashboard over the tables our migration created.</summary>
internal static class HangfireDashboard
{
    public static IEndpointConventionBuilder MapHangfireDashboard(this WebApplication app, Func<HttpContext, DashboardAccess> access)
    {
        // Without this service the dashboard would skip the check instead of failing.
        app.Services.GetRequiredService<IAntiforgery>();
        app.Services.GetRequiredService<IGlobalConfiguration>();
        var storage = app.Services.GetRequiredService<HarmonyStorage>();
        DashboardParts.Register(storage, app.Services.GetRequiredService<NpgsqlDataSource>());
        return app.Map("/hangfire/{**path}", Pipeline(app, storage, access));
    }

    private static DashboardOptions Options(JobTitles titles, Func<HttpContext, DashboardAccess> access) => new()
    {
        Authorization = [new AccessFilter(access)],
        IsReadOnlyFunc = context => access(context.GetHttpContext()) < DashboardAccess.Write,
        IgnoreAntiforgeryToken = false,
        DisplayStorageConnectionString = false,
        DisplayNameFunc = (_, job) => titles.Of(job),
        DashboardTitle = "Harmony on Hangfire",
        AppPath = "/ui",
        TimeZoneResolver = new DefaultTimeZoneResolver(),
    };

    // The library's own mapping needs its services and one storage per process; this one keeps storage and host together.
    private static RequestDelegate Pipeline(WebApplication app, HarmonyStorage storage, Func<HttpContext, DashboardAccess> access) =>
        ((IEndpointRouteBuilder)app).CreateApplicationBuilder()
            .UsePathBase("/hangfire")
            .Use(next => context => OursOrTheirsAsync(context, storage, app.Services.GetService<DashboardUser>(), access, next))
            .UseMiddleware<AspNetCoreDashboardMiddleware>(storage, Options(storage.Titles, access), DashboardRoutes.Routes, true)
            .Build();

    // The job page of the dashboard shows the arguments as they are: readers are redirected to our page, which masks secrets.
    private static async Task OursOrTheirsAsync(HttpContext context, JobStorage storage, DashboardUser? user, Func<HttpContext, DashboardAccess> access, RequestDelegate next)
    {
        if (context.Request.Path.StartsWithSegments("/jobs/details", StringComparison.OrdinalIgnoreCase) && access(context) == DashboardAccess.Read)
        {
            context.Response.Redirect(OurJobPage.For(context.Request.Path));
            return;
        }

        if (access(context) < DashboardAccess.Purge && await PurgesAsync(context.Request, storage))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        if (user is not null)
            user.Name = RequestKind.IsUnsafe(context.Request.Method) ? Actor.Of(context) : null;
        await next(context);
    }

    // Deleting a dead letter is a purge, there as here: admins only. Some addresses of the dashboard delete from any state, and it parses
    // numbers and the ends of addresses less strictly than we do: every deletion is checked job by job, and an unreadable number is refused.
    private static async Task<bool> PurgesAsync(HttpRequest request, JobStorage storage)
    {
        var path = request.Path.Value ?? "";
        if (!RequestKind.IsUnsafe(request.Method) || !path.Contains("delete", StringComparison.OrdinalIgnoreCase))
            return false;

        var last = path[(path.LastIndexOf('/') + 1)..].Trim();
        List<string?> meant = last.Equals("delete", StringComparison.OrdinalIgnoreCase) ? [] : [last];
        if (request.HasFormContentType)
            meant.AddRange((await request.ReadFormAsync(request.HttpContext.RequestAborted))["jobs[]"]);
        using var connection = storage.GetConnection();
        return meant.Exists(id => !long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var job)
            || connection.GetStateData(job.ToString(CultureInfo.InvariantCulture))?.Name == FailedState.StateName);
    }

    private sealed class AccessFilter(Func<HttpContext, DashboardAccess> access) : IDashboardAuthorizationFilter
    {
        public bool Authorize(DashboardContext context) => access(context.GetHttpContext()) != DashboardAccess.None;
    }
}
