using Harmony.Api.Access;
using Harmony.Api.Configuration;
using Harmony.Api.Configuration.Keys;
using Harmony.Api.Http;
using Harmony.Api.Jobs;
using Harmony.Orchestrator;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Harmony.Api.DeadLetters;

/// <summary><c>/dlq</c>: jobs of any kind that failed for good.</summary>
public static class DlqApi
{
    private static readonly Dictionary<string, bool> Columns = new(StringComparer.Ordinal) { ["created_at"] = true, ["updated_at"] = false };
    private static readonly Dictionary<string, bool> Directions = new(StringComparer.Ordinal) { ["asc"] = true, ["desc"] = false };

    public static void MapDlq(this RouteGroupBuilder api)
    {
        var dlq = api.MapGroup("/dlq").WithTags("dlq");
        dlq.MapGet("", ListAsync).RequireAuthorization(Roles.Viewer).WithSummary("Dead letters, a page at a time.");
        dlq.MapGet("/stats", StatsAsync).RequireAuthorization(Roles.Viewer).WithSummary("How many, why, and how many since yesterday.");
        dlq.MapPost("/requeue", RequeueAsync).RequireAuthorization(Roles.Operator).WithSummary("Run dead letters again.");
        dlq.MapPost("/purge", PurgeAsync).RequireAuthorization(Roles.Admin).WithSummary("Delete dead letters; their history stays.");
    }

    private static async Task<Results<Ok<Envelope<DeadLetterPage>>, ApiProblem>> ListAsync(
        [AsParameters] DlqQuery query, Settings settings, DeadLetterOffice office, CancellationToken ct)
    {
        var checks = new Checks();
        var page = checks.Range("page", query.Page, 1, 1_000_000, 1);
        var size = checks.Range("page_size", query.PageSize, 1, settings.Get(MusicKeys.DlqPageSizeMax), settings.Get(MusicKeys.DlqPageSize));
        var order = new DeadLetterOrder(checks.OneOf("order_by", query.OrderBy, Columns, true), checks.OneOf("order_dir", query.OrderDir, Directions, false));
        var filter = new DeadLetterFilter
        {
            Kind = checks.OptionalText("kind", query.Kind, 64),
            Text = checks.OptionalText("reason", query.Reason, 200),
            From = query.From,
            To = query.To,
        };
        if (checks.Failed)
            return new ApiProblem(checks.Error);

        var items = await office.ListAsync(filter, order, size, (page - 1L) * size, ct);
        return TypedResults.Ok(new Envelope<DeadLetterPage>(
            new([.. items.Select(DeadLetterView.Of)], page, size, await office.CountAsync(filter, ct))));
    }

    private static async Task<Ok<Envelope<DlqStats>>> StatsAsync(DeadLetterOffice office, CancellationToken ct)
    {
        var stats = await office.StatsAsync(ct);
        return TypedResults.Ok(new Envelope<DlqStats>(new(stats.Total, stats.ByReason, stats.LastDay)));
    }

    private static async Task<Results<Ok<Envelope<RequeueAnswer>>, ApiProblem>> RequeueAsync(
        RequeueBody body, Settings settings, DeadLetterOffice office, HttpContext context, CancellationToken ct)
    {
        var checks = new Checks();
        CheckIds(checks, body.Ids, settings.Get(MusicKeys.DlqRequeueLimit), required: true);
        if (checks.Failed)
            return new ApiProblem(checks.Error);

        var outcomes = await office.RequeueAsync(Actor.Of(context), new() { JobIds = [.. body.Ids!.Distinct()] }, body.DryRun ?? false, ct);
        return TypedResults.Ok(new Envelope<RequeueAnswer>(new(
            [.. outcomes.Where(o => o.Outcome is "requeued" or "would_requeue").Select(o => o.JobId)],
            [.. outcomes.Where(o => o.Outcome is not ("requeued" or "would_requeue")).Select(o => new SkippedLetter(o.JobId, ReasonOf(o.Outcome)))])));
    }

    private static async Task<Results<Ok<Envelope<PurgeAnswer>>, ApiProblem>> PurgeAsync(
        PurgeBody body, Settings settings, DeadLetterOffice office, TimeProvider time, HttpContext context, CancellationToken ct)
    {
        var checks = new Checks();
        if ((body.Ids is null) == (body.OlderThan is null))
            checks.Add("ids", "give either ids or older_than.");
        CheckIds(checks, body.Ids, settings.Get(MusicKeys.DlqPurgeLimit), required: false);
        if (body.Ids is not null && body.Reason is not null)
            checks.Add("reason", "goes with older_than.");
        if (body.OlderThan > time.GetUtcNow())
            checks.Add("older_than", "is in the future.");
        var choice = new DeadLetterChoice
        {
            JobIds = body.Ids?.Distinct().ToList(),
            OlderThan = time.GetUtcNow() - body.OlderThan,
            Text = checks.OptionalText("reason", body.Reason, 200),
        };
        if (checks.Failed)
            return new ApiProblem(checks.Error);

        var outcomes = await office.PurgeAsync(Actor.Of(context), choice, body.DryRun ?? false, ct);
        return TypedResults.Ok(new Envelope<PurgeAnswer>(new(outcomes.Count(o => o.Outcome is "purged" or "would_purge"))));
    }

    private static void CheckIds(Checks checks, IReadOnlyList<long>? ids, int most, bool required)
    {
        if (ids is null && !required)
            return;
        if (ids is null or { Count: 0 } || ids.Count > most)
            checks.Add("ids", $"give 1 to {most} ids.");
    }

    private static string ReasonOf(string outcome) => outcome == "superseded" ? "already_queued" : outcome;
}

/// <summary>What the list of dead letters can be asked.</summary>
public sealed record DlqQuery(
    int? Page,
    [property: FromQuery(Name = "page_size")] int? PageSize,
    [property: FromQuery(Name = "order_by")] string? OrderBy,
    [property: FromQuery(Name = "order_dir")] string? OrderDir,
    string? Kind,
    string? Reason,
    DateTimeOffset? From,
    DateTimeOffset? To);

public sealed record DeadLetterPage(IReadOnlyList<DeadLetterView> Items, int Page, int PageSize, long Total);

public sealed record DeadLetterView(
    long Id, string Entity, string Reason, string? Message, DateTimeOffset CreatedAt, DateTimeOffset? UpdatedAt, int RetryCount)
{
    public static DeadLetterView Of(DeadLetter d) =>
        new(d.JobId, d.Kind, d.ReasonCode, JobView.Scrubbed(d.Message), d.CreatedAt, d.DeadLetteredAt, d.Attempts);
}

public sealed record DlqStats(
    long Total, IReadOnlyDictionary<string, long> ByReason, [property: System.Text.Json.Serialization.JsonPropertyName("last_24h")] long LastDay);

public sealed record RequeueBody(IReadOnlyList<long>? Ids, bool? DryRun);

public sealed record SkippedLetter(long Id, string Reason);

public sealed record RequeueAnswer(IReadOnlyList<long> Requeued, IReadOnlyList<SkippedLetter> Skipped);

public sealed record PurgeBody(IReadOnlyList<long>? Ids, DateTimeOffset? OlderThan, string? Reason, bool? DryRun);

public sealed record PurgeAnswer(long Purged);
