using Harmony.Api.Access;
using Harmony.Api.Http;
using Harmony.Orchestrator;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Harmony.Api.Pauses;

/// <summary><c>/lanes</c>, <c>/pauses</c> and <c>/gates</c>: how much waits where, and what must not start.</summary>
internal static class LanesApi
{
    private static readonly Dictionary<string, string> Scopes =
        new[] { "lane", "kind", "provider", "schedule" }.ToDictionary(s => s, s => s, StringComparer.Ordinal);

    public static void MapLanes(this RouteGroupBuilder api)
    {
        var lanes = api.MapGroup("/lanes").WithTags("lanes");
        lanes.MapGet("", ListAsync).RequireAuthorization(Roles.Viewer).WithSummary("Lanes with what waits and runs in them.");
        var pauses = api.MapGroup("/pauses").WithTags("lanes");
        pauses.MapGet("", PausesAsync).RequireAuthorization(Roles.Viewer).WithSummary("What is paused, by whom, why and until when.");
        pauses.MapPost("", PauseAsync).RequireAuthorization(Roles.Operator).WithSummary("Pause a lane, kind, provider or schedule.");
        pauses.MapDelete("/{scope}/{name}", ResumeAsync).RequireAuthorization(Roles.Operator).WithSummary("Resume it.");
        var gates = api.MapGroup("/gates").WithTags("lanes");
        gates.MapGet("", GatesAsync).RequireAuthorization(Roles.Viewer).WithSummary("Providers that failed or refused us, and until when they are left alone.");
        gates.MapPost("/{provider}/reset", ResetAsync).RequireAuthorization(Roles.Operator).WithSummary("Call a provider again at once.");
    }

    private static async Task<Ok<Page<GateFigures>>> GatesAsync(Overview overview, CancellationToken ct) =>
        TypedResults.Ok(new Page<GateFigures>((await overview.ReadAsync(ct)).Gates, null));

    private static async Task<Results<NoContent, ApiProblem>> ResetAsync(
        string provider, OperatorDesk desk, HttpContext context, CancellationToken ct) =>
        await desk.ResetGateAsync(Actor.Of(context), provider, ct) ? TypedResults.NoContent() : new ApiProblem(ApiError.NotFound("Gate"));

    private static async Task<Ok<Page<LaneView>>> ListAsync(Overview overview, Catalogue catalogue, IServiceProvider services, CancellationToken ct)
    {
        var figures = await overview.ReadAsync(ct);
        var options = services.GetService<OrchestratorOptions>();
        return TypedResults.Ok(new Page<LaneView>(
            [
                .. figures.Lanes.Select(l => LaneView.Of(
                    l,
                    catalogue.Lanes.FirstOrDefault(c => c.Name == l.Lane) is { } lane ? options?.WidthOf(lane) ?? lane.Width : null,
                    figures.Pauses.FirstOrDefault(p => p.Scope == "lane" && p.Name == l.Lane),
                    figures.Rates.FirstOrDefault(r => r.Lane == l.Lane))),
            ],
            null));
    }

    private static async Task<Ok<Page<PauseFigures>>> PausesAsync(Overview overview, CancellationToken ct) =>
        TypedResults.Ok(new Page<PauseFigures>((await overview.ReadAsync(ct)).Pauses, null));

    private static async Task<Results<NoContent, ApiProblem>> PauseAsync(
        PauseRequest body, EngineBoard engine, OperatorDesk desk, JobBoard jobs, HttpContext context, CancellationToken ct)
    {
        var checks = new Checks();
        var scope = checks.Text("scope", body.Scope, 20);
        var name = checks.Text("name", body.Name, 100);
        var reason = checks.OptionalText("reason", body.Reason, 500);
        checks.OneOf<string?>("scope", body.Scope, Scopes!, null);
        TimeSpan? length = body.Until is { } until ? until - await jobs.NowAsync(ct) : null;
        if (length <= TimeSpan.Zero)
            checks.Add("until", "has passed already.");
        if (!checks.Failed && !(await engine.ListPausableAsync(ct)).Any(t => t.Scope == scope && t.Name == name))
            checks.Add("name", $"is no {scope} of this installation.");
        if (checks.Failed)
            return new ApiProblem(checks.Error);

        await desk.PauseAsync(Actor.Of(context), scope, name, reason, length, ct);
        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, ApiProblem>> ResumeAsync(
        string scope, string name, OperatorDesk desk, HttpContext context, CancellationToken ct) =>
        await desk.ResumeAsync(Actor.Of(context), scope, name, ct)
            ? TypedResults.NoContent()
            : new ApiProblem(ApiError.NotFound("Pause"));
}

internal sealed record PauseRequest(string? Scope, string? Name, string? Reason, DateTimeOffset? Until);

internal sealed record LaneView
{
    public required string Lane { get; init; }

    /// <summary>Jobs of it one process runs at once, as this process is configured.</summary>
    public int? Width { get; init; }

    public required long Running { get; init; }

    public required long Waiting { get; init; }

    public required long Later { get; init; }

    public DateTimeOffset? OldestWaiting { get; init; }

    public PauseFigures? Paused { get; init; }

    public RateFigures? Rate { get; init; }

    public static LaneView Of(LaneFigures lane, int? width, PauseFigures? pause, RateFigures? rate) => new()
    {
        Lane = lane.Lane,
        Width = width,
        Running = lane.Running,
        Waiting = lane.Waiting,
        Later = lane.Later,
        OldestWaiting = lane.OldestWaiting,
        Paused = pause,
        Rate = rate,
    };
}
