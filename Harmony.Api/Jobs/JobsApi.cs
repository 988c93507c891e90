using System.Globalization;
using System.Text.Json;
using Harmony.Api.Access;
using Harmony.Api.Http;
using Harmony.Data;
using Harmony.Orchestrator;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Harmony.Api.Jobs;

/// <summary><c>/jobs</c>: every job of every kind, in the states Hangfire names.</summary>
internal static class JobsApi
{
    private const int MostEvents = 500;

    private static readonly Dictionary<string, string> States = new[] { "Enqueued", "Processing", "Scheduled", "Succeeded", "Failed", "Deleted", "Awaiting" }
        .ToDictionary(s => s.ToLowerInvariant(), s => s, StringComparer.Ordinal);

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
        string? state, string? kind, string? lane, int? limit, string? cursor, JobBoard jobs, CancellationToken ct)
    {
        var checks = new Checks();
        var filter = new JobFilter
        {
            State = checks.OneOf<string?>("state", state, States!, null),
            Kind = checks.OptionalText("kind", kind, 64),
            Lane = checks.OptionalText("lane", lane, 64),
            Before = checks.Cursor("cursor", cursor),
        };
        var take = checks.Range("limit", limit, 1, 200, 50);
        if (checks.Failed)
            return new ApiProblem(checks.Error);

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
        JobRequest body, EngineBoard engine, JobQueue queue, JobBoard jobs, Database database, HttpContext context, CancellationToken ct)
    {
        var checks = new Checks();
        var kind = checks.Text("kind", body.Kind, 64);
        var args = body.Args ?? JsonElement.Parse("{}");
        if (args.ValueKind != JsonValueKind.Object)
            checks.Add("args", "must be an object.");
        else if (args.EnumerateObject().Any(p => p.Name.StartsWith('$')))
            checks.Add("args", "names may not begin with $.");
        if (!checks.Failed && !(await engine.ListKindsAsync(ct)).Any(k => k.Kind == kind && k.OperatorStartable))
            checks.Add("kind", "is not a kind operators may start.");
        if (checks.Failed)
            return new ApiProblem(checks.Error);

        var actor = Actor.Of(context);
        var options = new EnqueueOptions { Priority = body.Priority, RunAt = body.RunAt, RequestedBy = actor };
        var enqueued = await database.InTransactionAsync(actor, work => queue.EnqueueJsonAsync(work, kind, [args.GetRawText()], options, ct), ct);
        return TypedResults.Accepted($"{context.Request.Path}/{enqueued[0].JobId}", await EnqueuedView.OfAsync(enqueued[0], kind, jobs, ct));
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
        var checks = new Checks();
        var priority = checks.Range("priority", body.Priority, -1000, 1000, 0);
        if (body.Priority is null)
            checks.Add("priority", "is missing.");
        if (checks.Failed)
            return new ApiProblem(checks.Error);

        var outcome = await desk.SetPriorityAsync(Actor.Of(context), id, priority, ct);
        return outcome switch
        {
            "changed" => TypedResults.Ok(new JobOutcome(id, outcome)),
            "not_found" => new ApiProblem(ApiError.NotFound("Job")),
            "busy" => new ApiProblem(ApiError.Locked("Somebody else is acting on this job; try again.")),
            _ => new ApiProblem(ApiError.Conflict("The job has ended already.")),
        };
    }
}

internal sealed record JobRequest(string? Kind, JsonElement? Args, int? Priority, DateTimeOffset? RunAt);

internal sealed record PriorityRequest(int? Priority);

internal sealed record JobOutcome(long JobId, string Outcome);
