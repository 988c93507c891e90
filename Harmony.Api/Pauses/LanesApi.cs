using Harmony.Api.Access;
using Harmony.Api.Http;
using Harmony.Orchestrator;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Harmony.Api.Pauses;

/// <summary><c>/lanes</c>, <c>/pauses</c> and <c>/gates</c>: the waiting jobs of each lane, and which jobs must not start.</summary>
internal static class LanesApi
{
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

    private static async Task<Ok<Page<GateView>>> GatesAsync(EngineState engine, CancellationToken cancellationToken) =>
        TypedResults.Ok(new Page<GateView>([.. (await engine.ListGatesAsync(cancellationToken)).Select(GateView.Of)], null));

    private static async Task<Results<NoContent, ApiProblem>> ResetAsync(
        string provider, JobOperations operations, HttpContext context, CancellationToken cancellationToken) =>
        await operations.ResetGateAsync(Actor.Of(context), provider, cancellationToken) ? TypedResults.NoContent() : new ApiProblem(ApiError.NotFound("Gate"));

    private static async Task<Ok<Page<LaneView>>> ListAsync(EngineState engine, Catalogue catalogue, OrchestratorOptions options, CancellationToken cancellationToken)
    {
        var figures = await engine.ReadLanesAsync(cancellationToken);
        var widths = LaneWidths.Of(catalogue, options);
        return TypedResults.Ok(new Page<LaneView>(
            [
                .. figures.Lanes.Select(l => LaneView.Of(
                    l,
                    widths.TryGetValue(l.Lane, out var width) ? width : null,
                    figures.Pauses.FirstOrDefault(p => p.Scope == "lane" && p.Name == l.Lane),
                    figures.Rates.FirstOrDefault(r => r.Lane == l.Lane))),
            ],
            null));
    }

    private static async Task<Ok<Page<PauseView>>> PausesAsync(EngineState engine, CancellationToken cancellationToken) =>
        TypedResults.Ok(new Page<PauseView>([.. (await engine.ListPausesAsync(cancellationToken)).Select(PauseView.Of)], null));

    private static async Task<Results<NoContent, ApiProblem>> PauseAsync(
        PauseRequest body, EngineState engine, JobOperations operations, HttpContext context, CancellationToken cancellationToken)
    {
        var (scope, name) = (body.Scope!.Trim(), body.Name!.Trim());
        TimeSpan? length = body.Until is { } until ? until - await engine.NowAsync(cancellationToken) : null;
        if (length <= TimeSpan.Zero)
            return new ApiProblem(ApiError.Invalid("until", "has passed already."));
        if (!(await engine.ListPausableAsync(cancellationToken)).Any(t => t.Scope == scope && t.Name == name))
            return new ApiProblem(ApiError.Invalid("name", $"is no {scope} of this installation."));

        await operations.PauseAsync(Actor.Of(context), scope, name, body.Reason?.Trim(), length, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, ApiProblem>> ResumeAsync(
        string scope, string name, JobOperations operations, HttpContext context, CancellationToken cancellationToken) =>
        await operations.ResumeAsync(Actor.Of(context), scope, name, cancellationToken)
            ? TypedResults.NoContent()
            : new ApiProblem(ApiError.NotFound("Pause"));
}

internal sealed record PauseRequest(
    [Needed, PlainText(20), Scope] string? Scope,
    [Needed, PlainText(100)] string? Name,
    [PlainText(500)] string? Reason,
    DateTimeOffset? Until);

[AttributeUsage(AttributeTargets.Parameter)]
internal sealed class ScopeAttribute() : OneOfAttribute(["lane", "kind", "provider", "schedule"]);

internal sealed record GateView(string Provider, string State, int Failures, DateTimeOffset? BlockedUntil, string? Reason, DateTimeOffset ChangedAt)
{
    public static GateView Of(GateFigures g) => new(g.Provider, g.State, g.Failures, g.BlockedUntil, g.Reason, g.ChangedAt);
}

internal sealed record PauseView(string Scope, string Name, string? Reason, string PausedBy, DateTimeOffset PausedAt, DateTimeOffset? Until)
{
    public static PauseView Of(PauseFigures p) => new(p.Scope, p.Name, p.Reason, p.PausedBy, p.PausedAt, p.Until);
}

internal sealed record RateView(string Lane, int Permits, TimeSpan Length, long Used)
{
    public static RateView Of(RateFigures r) => new(r.Lane, r.Permits, r.Length, r.Used);
}

internal sealed record LaneView
{
    public required string Lane { get; init; }

    /// <summary>The number of its jobs that one process runs at once, by the configuration of this process.</summary>
    public int? Width { get; init; }

    public required long Running { get; init; }

    public required long Waiting { get; init; }

    public required long Later { get; init; }

    public DateTimeOffset? OldestWaiting { get; init; }

    public PauseView? Paused { get; init; }

    public RateView? Rate { get; init; }

    public static LaneView Of(LaneFigures lane, int? width, PauseFigures? pause, RateFigures? rate) => new()
    {
        Lane = lane.Lane,
        Width = width,
        Running = lane.Running,
        Waiting = lane.Waiting,
        Later = lane.Later,
        OldestWaiting = lane.OldestWaiting,
        Paused = pause is null ? null : PauseView.Of(pause),
        Rate = rate is null ? null : RateView.Of(rate),
    };
}
