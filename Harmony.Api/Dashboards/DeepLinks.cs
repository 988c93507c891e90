using System.Globalization;

namespace Harmony.Api.Dashboards;

/// <summary>Links into the genuine dashboard, kept alive by our own pages where it is not compiled in.</summary>
public static class DeepLinks
{
    public static IEndpointConventionBuilder MapDeepLinks(this WebApplication app) =>
        app.MapMethods("/hangfire/{**path}", [HttpMethods.Get, HttpMethods.Head],
            (string? path) => TypedResults.LocalRedirect("~" + OursFor(path)));

    public static string OursFor(string? path) =>
        (path ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries) switch
        {
            ["jobs", "failed"] => "/ui/dead-letters",
            ["jobs", "details", var id] => Job(id),
            ["jobs", "enqueued", "fetched", ..] => Jobs("Processing"),
            ["jobs", "enqueued", ..] => Jobs("Enqueued"),
            ["jobs", "processing"] => Jobs("Processing"),
            ["jobs", "succeeded"] => Jobs("Succeeded"),
            ["jobs", "scheduled"] or ["retries"] => Jobs("Scheduled"),
            ["jobs", "deleted"] => Jobs("Deleted"),
            ["jobs", "awaiting"] => Jobs("Awaiting"),
            ["jobs", ..] => "/ui/jobs",
            ["recurring"] => "/ui/schedules",
            _ => "/ui",
        };

    private static string Jobs(string state) => $"/ui/jobs?state={state}";

    private static string Job(string id) =>
        long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? string.Create(CultureInfo.InvariantCulture, $"/ui/jobs/{number}")
            : "/ui/jobs";
}
