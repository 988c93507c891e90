using Harmony.Api.Access;
using Harmony.Api.Http;
using Harmony.Orchestrator;
using Harmony.Orchestrator.Schedules;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Harmony.Api.Schedules;

/// <summary><c>/schedules</c>: what runs by the clock.</summary>
internal static class SchedulesApi
{
    private const int MostFirings = 20;

    public static void MapSchedules(this RouteGroupBuilder api)
    {
        var schedules = api.MapGroup("/schedules").WithTags("schedules");
        schedules.MapGet("", ListAsync).RequireAuthorization(Roles.Viewer).WithSummary("Schedules with their last and next slot.");
        schedules.MapGet("/{name}", GetAsync).RequireAuthorization(Roles.Viewer).WithSummary("One schedule with its last 20 slots.");
        schedules.MapPost("/{name}/trigger", TriggerAsync).RequireAuthorization(Roles.Operator).WithSummary("Start the schedule's job now.");
        schedules.MapPost("/{name}/pause", PauseAsync).RequireAuthorization(Roles.Operator).WithSummary("Let its slots pass until it is resumed.");
        schedules.MapPost("/{name}/resume", ResumeAsync).RequireAuthorization(Roles.Operator).WithSummary("Fire its slots again.");
    }

    private static async Task<Ok<Page<ScheduleView>>> ListAsync(ScheduleBoard board, CancellationToken ct) =>
        TypedResults.Ok(new Page<ScheduleView>([.. (await board.ListAsync(ct)).Select(ScheduleView.Of)], null));

    private static async Task<Results<Ok<ScheduleDetails>, ApiProblem>> GetAsync(string name, ScheduleBoard board, CancellationToken ct) =>
        await FindAsync(name, board, ct) is { } line
            ? TypedResults.Ok(new ScheduleDetails(ScheduleView.Of(line), [.. (await board.FiringsAsync(name, MostFirings, ct)).Select(FiringView.Of)]))
            : new ApiProblem(ApiError.NotFound("Schedule"));

    private static async Task<Results<Accepted<Triggered>, ApiProblem>> TriggerAsync(
        string name, OperatorDesk desk, HttpContext context, CancellationToken ct) =>
        await desk.TriggerAsync(Actor.Of(context), name, ct) is { } job
            ? TypedResults.Accepted((string?)null, new Triggered(name, job))
            : new ApiProblem(ApiError.NotFound("Schedule"));

    private static async Task<Results<NoContent, ApiProblem>> PauseAsync(
        string name, ScheduleBoard board, OperatorDesk desk, HttpContext context, CancellationToken ct)
    {
        if (await FindAsync(name, board, ct) is null)
            return new ApiProblem(ApiError.NotFound("Schedule"));
        await desk.PauseAsync(Actor.Of(context), "schedule", name, null, ct);
        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, ApiProblem>> ResumeAsync(string name, OperatorDesk desk, HttpContext context, CancellationToken ct) =>
        await desk.ResumeAsync(Actor.Of(context), "schedule", name, ct)
            ? TypedResults.NoContent()
            : new ApiProblem(ApiError.Conflict("The schedule is not paused."));

    private static async Task<ScheduleLine?> FindAsync(string name, ScheduleBoard board, CancellationToken ct) =>
        (await board.ListAsync(ct)).FirstOrDefault(s => s.Schedule == name);
}

internal sealed record ScheduleDetails(ScheduleView Schedule, IReadOnlyList<FiringView> Firings);

internal sealed record Triggered(string Schedule, long JobId);
