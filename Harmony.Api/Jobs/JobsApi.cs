using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using Harmony.Api.Access;
using Harmony.Api.Http;
using Harmony.Orchestrator;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Harmony.Api.Jobs;

/// <summary><c>/jobs</c>: every job of every kind, in the states Hangfire names.</summary>
public static class JobsApi
{
    private const int MostEvents = 500;

    private static readonly Dictionary<string, string> States = new[] { "Enqueued", "Processing", "Scheduled", "Succeeded", "Failed", "Deleted", "Awaiting" }
        .ToDictionary(s => s.ToLowerInvariant(), s => s, StringComparer.Ordinal);

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
        [State] string? state, [PlainText(64)] string? kind, [PlainText(64)] string? lane, [Cursor] string? cursor, [Between(1, 200)] int? limit, JobBoard jobs, CancellationToken ct)
    {
        var filter = new JobFilter
        {
            State = state is null ? null : States[state.ToLowerInvariant()],
            Kind = kind?.Trim(),
            Lane = lane?.Trim(),
            Before = CursorAttribute.Read(cursor),
        };
        var take = limit ?? 50;

        // One more than asked tells whether there is a next page.
        var lines = await jobs.ListAsync(filter, take + 1, ct);
        var next = lines.Count > take ? lines[take - 1].JobId.ToString(CultureInfo.InvariantCulture) : null;
        return TypedResults.Ok(new Page<JobView>([.. lines.Take(take).Select(JobView.Of)], next));
    }

    private static async Task<Results<Ok<JobDetails>, ApiProblem>> GetAsync(long id, JobBoard jobs, HttpContext context, CancellationToken ct) =>
        await jobs.FindAsync(id, ct) is { } sheet
            ? TypedResults.Ok(JobDetails.Of(sheet, await jobs.FindPlaceAsync(id, ct), await jobs.ListEventsAsync(id, MostEvents, ct), context.User.IsInRole(Roles.Operator)))
            : new ApiProblem(ApiError.NotFound("Job"));

    private static async Task<Results<Accepted<EnqueuedView>, ApiProblem>> EnqueueAsync(
        JobRequest body, EngineBoard engine, JobQueue queue, HttpContext context, CancellationToken ct)
    {
        var kind = body.Kind!.Trim();
        if (!(await engine.ListKindsAsync(ct)).Any(k => k.Kind == kind && k.OperatorStartable))
            return new ApiProblem(ApiError.Invalid("kind", "is not a kind operators may start."));

        var options = new EnqueueOptions { Priority = body.Priority, RunAt = body.RunAt, RequestedBy = Actor.Of(context) };
        var job = await queue.EnqueueJsonAsync(kind, body.Args?.GetRawText() ?? "{}", options, ct);
        return TypedResults.Accepted($"{context.Request.Path}/{job.JobId}", EnqueuedView.Of(job, kind));
    }

    private static async Task<Results<Accepted<JobOutcome>, ApiProblem>> RequeueAsync(
        long id, OperatorDesk desk, HttpContext context, CancellationToken ct)
    {
        var outcome = (await desk.RequeueAsync(Actor.Of(context), [id], ct)).Single().Outcome;
        return outcome switch
        {
            "requeued" => TypedResults.Accepted((string?)null, new JobOutcome(id, outcome)),
            "not_found" => new ApiProblem(ApiError.NotFound("Job")),
            "superseded" => new ApiProblem(ApiError.Conflict("A live job holds the same key; this one was discarded as superseded.")),
            "busy" => new ApiProblem(ApiError.Locked("Somebody else is acting on this job; try again.")),
            _ => new ApiProblem(ApiError.Conflict("The job is not a dead letter.")),
        };
    }

    private static async Task<Results<Ok<JobOutcome>, ApiProblem>> CancelAsync(long id, OperatorDesk desk, HttpContext context, CancellationToken ct)
    {
        var outcome = await desk.CancelAsync(Actor.Of(context), id, ct);
        return outcome switch
        {
            "cancelled" => TypedResults.Ok(new JobOutcome(id, outcome)),
            "not_found" => new ApiProblem(ApiError.NotFound("Job")),
            "busy" => new ApiProblem(ApiError.Locked("Somebody else is acting on this job; try again.")),
            _ => new ApiProblem(ApiError.Conflict("The job has ended already.")),
        };
    }

    private static async Task<Results<Ok<JobOutcome>, ApiProblem>> PriorityAsync(
        long id, PriorityRequest body, OperatorDesk desk, HttpContext context, CancellationToken ct)
    {
        var outcome = await desk.SetPriorityAsync(Actor.Of(context), id, body.Priority!.Value, ct);
        return outcome switch
        {
            "changed" => TypedResults.Ok(new JobOutcome(id, outcome)),
            "not_found" => new ApiProblem(ApiError.NotFound("Job")),
            "busy" => new ApiProblem(ApiError.Locked("Somebody else is acting on this job; try again.")),
            _ => new ApiProblem(ApiError.Conflict("The job has ended already.")),
        };
    }
}

public sealed record JobRequest([Needed, PlainText(64)] string? Kind, JsonElement? Args, int? Priority, DateTimeOffset? RunAt) : IValidatableObject
{
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Args is { ValueKind: not JsonValueKind.Object })
            yield return new("must be an object.", ["args"]);
        else if (Args?.EnumerateObject().Any(p => p.Name.StartsWith('$')) == true)
            yield return new("names may not begin with $.", ["args"]);
    }
}

public sealed record PriorityRequest([Needed("is missing."), Between(-1000, 1000)] int? Priority);

public sealed record JobOutcome(long JobId, string Outcome);
