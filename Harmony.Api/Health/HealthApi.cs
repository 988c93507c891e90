using Harmony.Api.Access;
using Harmony.Api.Configuration;
using Harmony.Api.Configuration.Keys;
using Harmony.Api.Http;
using Harmony.Api.Startup;
using Harmony.Orchestrator;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Harmony.Api.Health;

/// <summary>Liveness, readiness and status of Harmony.</summary>
internal static class HealthApi
{
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(5);

    public static void AddHarmonyHealth(this IServiceCollection services, Settings settings)
    {
        var checks = services.AddHealthChecks().AddCheck<DatabaseCheck>(DatabaseCheck.Name);
        foreach (var provider in settings.Get(HostKeys.HealthDeps))
            checks.AddCheck<ProviderCheck>(provider);
        services.AddSingleton<Uptime>();
        services.AddSingleton<Readiness>();
    }

    public static void MapHealth(this RouteGroupBuilder api)
    {
        var health = api.MapGroup("").WithTags("system");
        health.MapGet("/health", Health).AllowAnonymous().WithSummary("The process answers.");
        health.MapGet("/live", Live).AllowAnonymous().WithSummary("The process answers.");
        health.MapGet("/ready", ReadyAsync).AllowAnonymous().WithSummary("Database, schema, job servers and named providers are there.");
        health.MapGet("/health/ready", ReadyAsync).AllowAnonymous().WithSummary("As /ready.");
        health.MapGet("/health/spotify", Spotify).RequireAuthorization(Roles.Viewer).WithSummary("Is Spotify configured?");
        health.MapGet("/health/soulseek", Soulseek).RequireAuthorization(Roles.Viewer).WithSummary("Is slskd configured?");
        health.MapGet("/status", StatusAsync).RequireAuthorization(Roles.Viewer).WithSummary("Lanes, servers, gates: what goes on.");
        health.MapGet("/metrics", MetricsAsync).RequireAuthorization(Roles.Viewer).WithSummary("Figures for Prometheus.");
    }

    /// <summary>The addresses that do not depend on the base path of the API.</summary>
    public static void MapProbes(this WebApplication app, Settings settings)
    {
        var probes = app.MapGroup("").WithTags("system");
        if (settings.Get(HostKeys.BasePath).Length > 0)
        {
            probes.MapGet("/live", Live).AllowAnonymous().WithSummary("The process answers.");
            probes.MapGet("/metrics", MetricsAsync).RequireAuthorization(Roles.Viewer).WithSummary("Figures for Prometheus.");
        }

        probes.MapGet("/api/health/live", Live).RequireAuthorization(Roles.Viewer).WithSummary("The process answers.");
        probes.MapGet("/api/health/ready", ReportAsync).AllowAnonymous().WithSummary("As /ready; verbose=1 adds the self-check for those with a key.");
    }

    private static Ok<Envelope<HealthView>> Health(Uptime uptime) =>
        TypedResults.Ok(new Envelope<HealthView>(new("up", Uptime.Version, uptime.Seconds)));

    private static Ok<LiveView> Live() => TypedResults.Ok(new LiveView("ok"));

    private static async Task<Results<Ok<Envelope<ReadinessReport>>, ApiProblem>> ReadyAsync(Readiness readiness, Settings settings, CancellationToken cancellationToken)
    {
        var report = await readiness.LookAsync(cancellationToken);
        return NotReady(report, settings) is { } problem ? problem : TypedResults.Ok(new Envelope<ReadinessReport>(report));
    }

    private static async Task<Results<Ok<SelfCheckView>, JsonHttpResult<SelfCheckView>, ApiProblem>> ReportAsync(
        int? verbose, Readiness readiness, Settings settings, TimeProvider time, HttpContext context, CancellationToken cancellationToken)
    {
        var report = await readiness.LookAsync(cancellationToken);
        if (verbose != 1 || !context.User.IsInRole(Roles.Viewer))
            return NotReady(report, settings) is { } problem ? problem : TypedResults.Ok(new SelfCheckView("ok", report, []));

        var issues = (await new SelfCheck(settings, time).FullAsync(cancellationToken)).Select(f => f.Problem).OfType<SettingProblem>().Select(p => new IssueView(p.Component, $"{p.Message} {p.Fix}", (int)p.Code)).ToList();
        var ok = issues.Count == 0 && report.Complaints(settings.Get(HostKeys.RequireDb)).Count == 0;
        return TypedResults.Json(new SelfCheckView(ok ? "ok" : "fail", report, issues), statusCode: ok ? 200 : 503);
    }

    private static ApiProblem? NotReady(ReadinessReport report, Settings settings)
    {
        var complaints = report.Complaints(settings.Get(HostKeys.RequireDb));
        return complaints.Count == 0
            ? null
            : new ApiProblem(ApiError.Dependency(503, $"Not ready: {string.Join("; ", complaints)}.", Later) with
            {
                Meta = new Dictionary<string, object?> { ["db"] = report.Db, ["deps"] = report.Deps, ["migrations"] = report.Migrations, ["orchestrator"] = report.Orchestrator },
            });
    }

    private static Ok<ServiceView> Spotify(Settings settings) =>
        TypedResults.Ok(settings.Has(ProviderKeys.SpotifyRefreshToken)
            ? ServiceView.Of("spotify", settings, ProviderKeys.SpotifyClientId)
            : ServiceView.Of("spotify", settings, ProviderKeys.SpotifyClientId, ProviderKeys.SpotifyClientSecret));

    private static Ok<ServiceView> Soulseek(Settings settings) =>
        TypedResults.Ok(ServiceView.Of("soulseek", settings, ProviderKeys.SlskdApiKey));

    private static async Task<Ok<StatusView>> StatusAsync(EngineState engine, Readiness readiness, Uptime uptime, Settings settings, CancellationToken cancellationToken)
    {
        var figures = await engine.ReadStatusAsync(cancellationToken);
        var report = await readiness.LookAsync(cancellationToken);
        var ready = report.Complaints(settings.Get(HostKeys.RequireDb)).Count == 0;
        return TypedResults.Ok(StatusView.Of(ready ? "ok" : "degraded", uptime.Seconds, figures, settings.Families.Widths, report));
    }

    private static Task MetricsAsync(HttpContext context, MetricsScrape scrape) => scrape.WriteAsync(context);
}

/// <summary>The uptime and version of this process.</summary>
internal sealed class Uptime(TimeProvider time)
{
    private readonly long _started = time.GetTimestamp();

    public static string Version => ProductVersion.Text;

    public long Seconds => (long)time.GetElapsedTime(_started).TotalSeconds;
}

internal sealed record HealthView(string Status, string Version, long UptimeS);

internal sealed record LiveView(string Status);

internal sealed record IssueView(string Component, string Message, int ExitCode);

internal sealed record SelfCheckView(string Status, ReadinessReport Checks, IReadOnlyList<IssueView> Issues);

internal sealed record ServiceView(string Service, string Status, IReadOnlyList<string> Missing, IReadOnlyList<string> OptionalMissing)
{
    public static ServiceView Of(string service, Settings settings, params EnvKey[] needed)
    {
        var missing = needed.Where(k => !settings.Has(k)).Select(k => k.Name).ToList();
        return new(service, missing.Count == 0 ? "ok" : "fail", missing, []);
    }
}
