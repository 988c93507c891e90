using System.ComponentModel.DataAnnotations;
using System.Globalization;
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
    private const int MostSkipped = 10_000;

    public static void MapDlq(this RouteGroupBuilder api)
    {
        var dlq = api.MapGroup("/dlq").WithTags("dlq");
        dlq.MapGet("", ListAsync).RequireAuthorization(Roles.Viewer).WithSummary("Dead letters; go on with cursor, or count pages.");
        dlq.MapGet("/stats", StatsAsync).RequireAuthorization(Roles.Viewer).WithSummary("How many, why, and how many since yesterday.");
        dlq.MapPost("/requeue", RequeueAsync).RequireAuthorization(Roles.Operator).WithSummary("Run dead letters again: given ids as operator, all that fit a filter as admin.");
        dlq.MapPost("/purge", PurgeAsync).RequireAuthorization(Roles.Admin).WithSummary("Delete dead letters; their history stays.");
    }

    private static async Task<Results<Ok<Envelope<DlqPage>>, ApiProblem>> ListAsync(
        [AsParameters] DlqQuery query, Settings settings, DeadLetters letters, CancellationToken cancellationToken)
    {
        var (page, size) = (query.Page ?? 1, query.PageSize ?? settings.Get(MusicKeys.DlqPageSize));
        var filter = new DeadLetterFilter
        {
            Kind = query.Kind?.Trim(),
            ReasonLike = query.Reason?.Trim(),
            From = query.From,
            To = query.To,
            ByCreation = query.OrderBy is { } column && DlqQuery.Columns[column.ToLowerInvariant()],
            OldestFirst = query.OrderDir is { } direction && DlqQuery.Directions[direction.ToLowerInvariant()],
            After = DeadLetterCursor.Parse(query.Cursor),
            Skip = (int)Math.Min((page - 1L) * size, int.MaxValue),
        };
        if (page > 1 && filter.After is not null)
            return new ApiProblem(ApiError.Invalid("cursor", "goes on from a place, a page counts from the start: give one of them."));
        if (filter.Skip > MostSkipped)
            return new ApiProblem(ApiError.Invalid("page", string.Create(CultureInfo.InvariantCulture, $"is too far behind: beyond {MostSkipped} dead letters go on with next_cursor.")));

        var found = await letters.ListAsync(filter, size, cancellationToken);
        var total = await letters.CountAsync(filter, cancellationToken);
        return TypedResults.Ok(new Envelope<DlqPage>(new([.. found.Items.Select(DeadLetterView.Of)], page, size, total, found.Next?.ToString())));
    }

    private static async Task<Ok<Envelope<DlqStats>>> StatsAsync(DeadLetters letters, CancellationToken cancellationToken)
    {
        var reasons = DeadLetterReason.Of(await letters.ListGroupsAsync(cancellationToken));
        return TypedResults.Ok(new Envelope<DlqStats>(new(
            reasons.Sum(r => r.Jobs), reasons.ToDictionary(r => r.ReasonCode, r => r.Jobs, StringComparer.Ordinal), reasons.Sum(r => r.LastDay))));
    }

    private static async Task<Results<Ok<Envelope<RequeueAnswer>>, ForbidHttpResult, ApiProblem>> RequeueAsync(
        [MostIds("DLQ_REQUEUE_LIMIT")] DlqChoice body, Settings settings, JobOperations operations, TimeProvider time, HttpContext context, CancellationToken cancellationToken)
    {
        var most = settings.Get(MusicKeys.DlqRequeueLimit);
        var choice = body.Read(time.GetUtcNow());
        if (choice.JobIds is null && !context.User.IsInRole(Roles.Admin))
            return TypedResults.Forbid();

        var moved = await operations.RequeueAsync(Actor.Of(context), choice, most, cancellationToken);
        return TypedResults.Ok(new Envelope<RequeueAnswer>(new(
            [.. moved.Outcomes.Where(o => o.Outcome == OperatorOutcome.Requeued).Select(o => o.JobId)],
            [.. moved.Outcomes.Where(o => o.Outcome != OperatorOutcome.Requeued).Select(o => new SkippedLetter(o.JobId, ReasonOf(o.Outcome)))],
            moved.Matched,
            choice.DryRun)));
    }

    private static async Task<Results<Ok<Envelope<PurgeAnswer>>, ApiProblem>> PurgeAsync(
        [MostIds("DLQ_PURGE_LIMIT")] DlqChoice body, Settings settings, JobOperations operations, TimeProvider time, HttpContext context, CancellationToken cancellationToken)
    {
        var most = settings.Get(MusicKeys.DlqPurgeLimit);
        var choice = body.Read(time.GetUtcNow());

        var moved = await operations.PurgeAsync(Actor.Of(context), choice, most, cancellationToken);
        var purged = choice.DryRun ? moved.Matched : moved.Outcomes.Count(o => o.Outcome == OperatorOutcome.Purged);
        return TypedResults.Ok(new Envelope<PurgeAnswer>(new(purged, moved.Matched, choice.DryRun)));
    }

    private static string ReasonOf(OperatorOutcome outcome) => outcome == OperatorOutcome.Superseded ? "already_queued" : outcome.Word();
}

/// <summary>The query parameters of the list of dead letters.</summary>
internal sealed record DlqQuery(
    [property: FromQuery(Name = "page")][property: Between(1, 1_000_000)] int? Page,
    [property: FromQuery(Name = "page_size")][property: DlqQuery.Size] int? PageSize,
    [property: FromQuery(Name = "cursor")][property: DlqQuery.Place] string? Cursor,
    [property: FromQuery(Name = "kind")][property: PlainText(64)] string? Kind,
    [property: FromQuery(Name = "reason")][property: PlainText(200)] string? Reason,
    [property: FromQuery(Name = "order_by")][property: DlqQuery.Column] string? OrderBy,
    [property: FromQuery(Name = "order_dir")][property: DlqQuery.Direction] string? OrderDir,
    [property: FromQuery(Name = "from")] DateTimeOffset? From,
    [property: FromQuery(Name = "to")] DateTimeOffset? To)
{
    internal static readonly Dictionary<string, bool> Columns = new(StringComparer.Ordinal) { ["updated_at"] = false, ["created_at"] = true };
    internal static readonly Dictionary<string, bool> Directions = new(StringComparer.Ordinal) { ["asc"] = true, ["desc"] = false };

    [AttributeUsage(AttributeTargets.Property)]
    internal sealed class SizeAttribute : ValidationAttribute
    {
        protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
        {
            var most = validationContext.GetRequiredService<Settings>().Get(MusicKeys.DlqPageSizeMax);
            return value is int size && (size < 1 || size > most) ? new(string.Create(CultureInfo.InvariantCulture, $"must be from 1 to {most}.")) : null;
        }
    }

    [AttributeUsage(AttributeTargets.Property)]
    internal sealed class PlaceAttribute() : ValidationAttribute("is not one this list gave.")
    {
        public override bool IsValid(object? value) => value is not string text || DeadLetterCursor.Parse(text) is not null;
    }

    internal sealed class ColumnAttribute() : OneOfAttribute(Columns.Keys);

    internal sealed class DirectionAttribute() : OneOfAttribute(Directions.Keys);
}

internal sealed record DlqPage(IReadOnlyList<DeadLetterView> Items, int Page, int PageSize, long Total, string? NextCursor);

internal sealed record DeadLetterView(
    long Id, string Entity, string? Title, string Reason, string? Message, DateTimeOffset CreatedAt, DateTimeOffset? UpdatedAt, int RetryCount)
{
    public static DeadLetterView Of(DeadLetter d) =>
        new(d.JobId, d.Kind, d.Title, d.ReasonCode ?? "unknown", JobView.Scrubbed(d.LastError), d.CreatedAt, d.DeadLetteredAt, d.Attempts);
}

internal sealed record DlqStats(
    long Total, IReadOnlyDictionary<string, long> ByReason, [property: System.Text.Json.Serialization.JsonPropertyName("last_24h")] long LastDay);

internal sealed record SkippedLetter(long Id, string Reason);

/// <summary>Matched: the number of jobs that the ids or the filter select; a filter takes the oldest of them, up to the limit of a call.</summary>
internal sealed record RequeueAnswer(IReadOnlyList<long> Requeued, IReadOnlyList<SkippedLetter> Skipped, long Matched, bool DryRun);

internal sealed record PurgeAnswer(long Purged, long Matched, bool DryRun);
