using Harmony.Api.Access;
using Harmony.Api.Http;
using Harmony.Orchestrator;
using Harmony.Orchestrator.Schedules;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Harmony.Api.Schedules;

/// <summary><c>/schedules</c>: the schedules and their slots.</summary>
internal static class SchedulesApi
{
    private const int MostFirings = 20;

    public static void MapSchedules(this RouteGroupBuilder api)
    {
        var schedules = api.MapGroup("/schedules").WithTags("schedules");
        schedules.MapGet("", ListAsync).RequireAuthorization(Roles.Viewer).WithSummary("Schedules with their last and next slot.");
        schedules.MapGet("/{name}", GetAsync).RequireAuthorization(Roles.Viewer).WithSummary("One schedule with its last 20 slots.");
        schedules.MapPost("/{name}/trigger", TriggerAsync).RequireAuthorization(Roles.Operator).WithSummary("Start the schedule's job now.");
        schedules.MapPost("/{name}/pause", PauseAsync).RequireAuthorization(Roles.Operator).WithSummary("Pause it: its slots are skipped until it is resumed.");
        schedules.MapPost("/{name}/resume", ResumeAsync).RequireAuthorization(Roles.Operator).WithSummary("Fire its slots again.");
    }

    private static async Task<Ok<Page<ScheduleView>>> ListAsync(ScheduleReader schedules, CancellationToken cancellationToken) =>
        TypedResults.Ok(new Page<ScheduleView>([.. (await schedules.ListAsync(cancellationToken)).Select(ScheduleView.Of)], null));

    private static async Task<Results<Ok<ScheduleDetails>, ApiProblem>> GetAsync(string name, ScheduleReader schedules, CancellationToken cancellationToken) =>
        await FindAsync(name, schedules, cancellationToken) is { } line
            ? TypedResults.Ok(new ScheduleDetails(ScheduleView.Of(line), [.. (await schedules.FiringsAsync(name, MostFirings, cancellationToken)).Select(FiringView.Of)]))
            : new ApiProblem(ApiError.NotFound("Schedule"));

    private static async Task<Results<Accepted<Triggered>, ApiProblem>> TriggerAsync(
        string name, JobOperations operations, HttpContext context, CancellationToken cancellationToken) =>
        await operations.TriggerAsync(Actor.Of(context), name, cancellationToken) is { } job
            ? TypedResults.Accepted((string?)null, new Triggered(name, job))
            : new ApiProblem(ApiError.NotFound("Schedule"));

    private static async Task<Results<NoContent, ApiProblem>> PauseAsync(
        string name, ScheduleReader schedules, JobOperations operations, HttpContext context, CancellationToken cancellationToken)
    {
        if (await FindAsync(name, schedules, cancellationToken) is null)
            return new ApiProblem(ApiError.NotFound("Schedule"));
        await operations.PauseAsync(Actor.Of(context), "schedule", name, null, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, ApiProblem>> ResumeAsync(string name, JobOperations operations, HttpContext context, CancellationToken cancellationToken) =>
        await operations.ResumeAsync(Actor.Of(context), "schedule", name, cancellationToken)
            ? TypedResults.NoContent()
            : new ApiProblem(ApiError.Conflict("The schedule is not paused."));

    private static async Task<ScheduleLine?> FindAsync(string name, ScheduleReader schedules, CancellationToken cancellationToken) =>
        (await schedules.ListAsync(cancellationToken)).FirstOrDefault(s => s.Schedule == name);
}

internal sealed record ScheduleDetails(ScheduleView Schedule, IReadOnlyList<FiringView> Firings);

internal sealed record Triggered(string Schedule, long JobId);
