using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using Harmony.Api.Access;
using Harmony.Api.Http;
using Harmony.Orchestrator;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Harmony.Api.Jobs;

/// <summary><c>/jobs</c>: every job of every kind, in the states Hangfire names.</summary>
internal static class JobsApi
{
    private const int MostEvents = 500;

    private static readonly Dictionary<string, string> States = HangfireStates.All.ToDictionary(s => s.ToLowerInvariant(), s => s, StringComparer.Ordinal);

    private sealed class StateAttribute() : OneOfAttribute(States.Keys);

    public static void MapJobs(this RouteGroupBuilder api)
    {
        var jobs = api.MapGroup("/jobs").WithTags("jobs");
        jobs.MapGet("", ListAsync).RequireAuthorization(Roles.Viewer).WithSummary("Jobs, newest first; go on with cursor.");
        jobs.MapGet("/{id:long}", GetAsync).RequireAuthorization(Roles.Viewer).WithSummary("One job with its history.");
        jobs.MapPost("", EnqueueAsync).RequireAuthorization(Roles.Operator).WithSummary("Start a job of a kind operators may start.");
        jobs.MapPost("/{id:long}/requeue", RequeueAsync).RequireAuthorization(Roles.Operator).WithSummary("Run a dead letter again, with its whole attempt budget.");
        jobs.MapPost("/{id:long}/priority", PriorityAsync).RequireAuthorization(Roles.Operator).WithSummary("Give a waiting job another place in its lane.");
        jobs.MapPost("/{id:long}/cancel", CancelAsync).RequireAuthorization(Roles.Operator).WithSummary("End a job wherever it is.");
    }

    private static async Task<Results<Ok<Page<JobView>>, ApiProblem>> ListAsync(
        [State] string? state, [PlainText(64)] string? kind, [PlainText(64)] string? lane, [Cursor] string? cursor, [Between(1, 200)] int? limit, JobLedger jobs, CancellationToken cancellationToken)
    {
        var filter = new JobFilter
        {
            State = state is null ? null : States[state.ToLowerInvariant()],
            Kind = kind?.Trim(),
            Lane = lane?.Trim(),
            Before = CursorAttribute.Read(cursor),
        };
        var take = limit ?? 50;

        // One row more than asked shows whether there is a next page.
        var lines = (await jobs.ListAsync(filter, take + 1, cancellationToken)).Items;
        var next = lines.Count > take ? lines[take - 1].JobId.ToString(CultureInfo.InvariantCulture) : null;
        return TypedResults.Ok(new Page<JobView>([.. lines.Take(take).Select(JobView.Of)], next));
    }

    private static async Task<Results<Ok<JobDetails>, ApiProblem>> GetAsync(long id, JobLedger jobs, HttpContext context, CancellationToken cancellationToken) =>
        await jobs.FindAsync(id, cancellationToken) is { } sheet
            ? TypedResults.Ok(JobDetails.Of(sheet, await jobs.FindPlaceAsync(id, cancellationToken), await jobs.ListEventsAsync(id, MostEvents, cancellationToken), context.User.IsInRole(Roles.Operator)))
            : new ApiProblem(ApiError.NotFound("Job"));

    private static async Task<Results<Accepted<EnqueuedView>, ApiProblem>> EnqueueAsync(
        JobRequest body, EngineState engine, JobQueue queue, HttpContext context, CancellationToken cancellationToken)
    {
        var kind = body.Kind!.Trim();
        if (!(await engine.ListKindsAsync(cancellationToken)).Any(k => k.Kind == kind && k.OperatorStartable))
            return new ApiProblem(ApiError.Invalid("kind", "is not a kind operators may start."));

        var options = new EnqueueOptions { Priority = body.Priority, RunAt = body.RunAt, RequestedBy = Actor.Of(context) };
        var job = await queue.EnqueueJsonAsync(kind, body.Args?.GetRawText() ?? "{}", options, cancellationToken);
        return TypedResults.Accepted($"{context.Request.Path}/{job.JobId}", EnqueuedView.Of(job, kind));
    }

    private static async Task<Results<Accepted<JobOperatedView>, ApiProblem>> RequeueAsync(
        long id, JobOperations operations, HttpContext context, CancellationToken cancellationToken)
    {
        var outcome = (await operations.RequeueAsync(Actor.Of(context), [id], cancellationToken)).Single().Outcome;
        return OutcomeWords.Error(outcome) is { } error
            ? new ApiProblem(error)
            : TypedResults.Accepted((string?)null, new JobOperatedView(id, outcome.Word()));
    }

    private static async Task<Results<Ok<JobOperatedView>, ApiProblem>> CancelAsync(long id, JobOperations operations, HttpContext context, CancellationToken cancellationToken) =>
        Operated(id, await operations.CancelAsync(Actor.Of(context), id, cancellationToken));

    private static async Task<Results<Ok<JobOperatedView>, ApiProblem>> PriorityAsync(
        long id, PriorityRequest body, JobOperations operations, HttpContext context, CancellationToken cancellationToken)
    {
        return Operated(id, await operations.SetPriorityAsync(Actor.Of(context), id, body.Priority!.Value, cancellationToken));
    }

    private static Results<Ok<JobOperatedView>, ApiProblem> Operated(long id, OperatorOutcome outcome) =>
        OutcomeWords.Error(outcome) is { } error ? new ApiProblem(error) : TypedResults.Ok(new JobOperatedView(id, outcome.Word()));
}

internal sealed record JobRequest([Needed, PlainText(64)] string? Kind, JsonElement? Args, int? Priority, DateTimeOffset? RunAt) : IValidatableObject
{
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Args is { ValueKind: not JsonValueKind.Object })
            yield return new("must be an object.", ["args"]);
        else if (Args?.EnumerateObject().Any(p => p.Name.StartsWith('$')) == true)
            yield return new("names may not begin with $.", ["args"]);
    }
}

internal sealed record PriorityRequest([Needed("is missing."), Between(-1000, 1000)] int? Priority);

internal sealed record JobOperatedView(long JobId, string Outcome);
