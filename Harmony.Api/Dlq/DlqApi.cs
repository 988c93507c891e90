using Harmony.Api.Access;
using Harmony.Api.Configuration;
using Harmony.Api.Configuration.Keys;
using Harmony.Api.Http;
using Harmony.Api.Jobs;
using Harmony.Orchestrator;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Harmony.Api.Dlq;

/// <summary><c>/dlq</c>: jobs of any kind that failed for good.</summary>
internal static class DlqApi
{
    private static readonly Dictionary<string, bool> Columns = new(StringComparer.Ordinal) { ["updated_at"] = false, ["created_at"] = true };
    private static readonly Dictionary<string, bool> Directions = new(StringComparer.Ordinal) { ["asc"] = true, ["desc"] = false };

    public static void MapDlq(this RouteGroupBuilder api)
    {
        var dlq = api.MapGroup("/dlq").WithTags("dlq");
        dlq.MapGet("", ListAsync).RequireAuthorization(Roles.Viewer).WithSummary("Dead letters, a page at a time.");
        dlq.MapGet("/stats", StatsAsync).RequireAuthorization(Roles.Viewer).WithSummary("How many, why, and how many since yesterday.");
        dlq.MapPost("/requeue", RequeueAsync).RequireAuthorization(Roles.Operator).WithSummary("Run dead letters again: given ids as operator, all that fit a filter as admin.");
        dlq.MapPost("/purge", PurgeAsync).RequireAuthorization(Roles.Admin).WithSummary("Delete dead letters; their history stays.");
    }

    private static async Task<Results<Ok<Envelope<DlqPage>>, ApiProblem>> ListAsync(
        [AsParameters] DlqQuery query, Settings settings, DeadLetters letters, CancellationToken ct)
    {
        var checks = new Checks();
        var page = checks.Range("page", query.Page, 1, 1_000_000, 1);
        var size = checks.Range("page_size", query.PageSize, 1, settings.Get(MusicKeys.DlqPageSizeMax), settings.Get(MusicKeys.DlqPageSize));
        var filter = new DeadLetterFilter
        {
            Kind = checks.OptionalText("kind", query.Kind, 64),
            ReasonLike = checks.OptionalText("reason", query.Reason, 200) is { } reason ? LikePattern.Escaped(reason) : null,
            From = query.From,
            To = query.To,
            ByCreation = checks.OneOf("order_by", query.OrderBy, Columns, false),
            OldestFirst = checks.OneOf("order_dir", query.OrderDir, Directions, false),
            Limit = size,
            Offset = (page - 1) * size,
        };
        if (checks.Failed)
            return new ApiProblem(checks.Error);

        var found = await letters.ListAsync(filter, ct);
        return TypedResults.Ok(new Envelope<DlqPage>(new([.. found.Items.Select(DeadLetterView.Of)], page, size, found.Total)));
    }

    private static async Task<Ok<Envelope<DlqStats>>> StatsAsync(DeadLetters letters, CancellationToken ct)
    {
        var stats = await letters.StatsAsync(ct);
        return TypedResults.Ok(new Envelope<DlqStats>(new(stats.Total, stats.ByReason, stats.LastDay)));
    }

    private static async Task<Results<Ok<Envelope<RequeueAnswer>>, ForbidHttpResult, ApiProblem>> RequeueAsync(
        DlqChoice body, Settings settings, OperatorDesk desk, TimeProvider time, HttpContext context, CancellationToken ct)
    {
        var checks = new Checks();
        var most = settings.Get(MusicKeys.DlqRequeueLimit);
        var choice = body.Read(checks, most, time.GetUtcNow());
        if (checks.Failed)
            return new ApiProblem(checks.Error);
        if (choice.JobIds is null && !context.User.IsInRole(Roles.Admin))
            return TypedResults.Forbid();

        var moved = await desk.RequeueAsync(Actor.Of(context), choice, most, ct);
        return TypedResults.Ok(new Envelope<RequeueAnswer>(new(
            [.. moved.Outcomes.Where(o => o.Outcome == "requeued").Select(o => o.JobId)],
            [.. moved.Outcomes.Where(o => o.Outcome != "requeued").Select(o => new SkippedLetter(o.JobId, ReasonOf(o.Outcome)))],
            moved.Matched,
            choice.DryRun)));
    }

    private static async Task<Results<Ok<Envelope<PurgeAnswer>>, ApiProblem>> PurgeAsync(
        DlqChoice body, Settings settings, OperatorDesk desk, TimeProvider time, HttpContext context, CancellationToken ct)
    {
        var checks = new Checks();
        var most = settings.Get(MusicKeys.DlqPurgeLimit);
        var choice = body.Read(checks, most, time.GetUtcNow());
        if (checks.Failed)
            return new ApiProblem(checks.Error);

        var moved = await desk.PurgeAsync(Actor.Of(context), choice, most, ct);
        var purged = choice.DryRun ? moved.Matched : moved.Outcomes.Count(o => o.Outcome == "purged");
        return TypedResults.Ok(new Envelope<PurgeAnswer>(new(purged, moved.Matched, choice.DryRun)));
    }

    private static string ReasonOf(string outcome) => outcome == "superseded" ? "already_queued" : outcome;
}

/// <summary>What the list of dead letters can be asked.</summary>
internal sealed record DlqQuery(
    int? Page,
    [property: FromQuery(Name = "page_size")] int? PageSize,
    [property: FromQuery(Name = "order_by")] string? OrderBy,
    [property: FromQuery(Name = "order_dir")] string? OrderDir,
    string? Kind,
    string? Reason,
    DateTimeOffset? From,
    DateTimeOffset? To);

internal sealed record DlqPage(IReadOnlyList<DeadLetterView> Items, int Page, int PageSize, long Total);

internal sealed record DeadLetterView(
    long Id, string Entity, string Reason, string? Message, DateTimeOffset CreatedAt, DateTimeOffset? UpdatedAt, int RetryCount)
{
    public static DeadLetterView Of(DeadLetter d) =>
        new(d.JobId, d.Kind, d.ReasonCode ?? "unknown", JobView.Scrubbed(d.LastError), d.CreatedAt, d.DeadLetteredAt, d.Attempts);
}

internal sealed record DlqStats(
    long Total, IReadOnlyDictionary<string, long> ByReason, [property: System.Text.Json.Serialization.JsonPropertyName("last_24h")] long LastDay);

internal sealed record SkippedLetter(long Id, string Reason);

/// <summary>Matched: how many the ids or the filter meant; a filter takes the oldest of them, up to the limit of a call.</summary>
internal sealed record RequeueAnswer(IReadOnlyList<long> Requeued, IReadOnlyList<SkippedLetter> Skipped, long Matched, bool DryRun);

internal sealed record PurgeAnswer(long Purged, long Matched, bool DryRun);
