using System.ComponentModel.DataAnnotations;
using Harmony.Api.Access;
using Harmony.Api.Http;
using Harmony.Api.Jobs;
using Harmony.Data.Artists;
using Harmony.Data.Downloads;
using Harmony.Jobs.Downloads;
using Harmony.Orchestrator;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Harmony.Api.Downloads;

/// <summary>Orders of tracks and releases, and changes of one download.</summary>
internal static class OrdersApi
{
    public static void MapOrders(this RouteGroupBuilder api)
    {
        var orders = api.MapGroup("").RequireAuthorization(Roles.Operator).WithTags("downloads");
        orders.MapPost("/downloads", OrderAsync).WithSummary("Order tracks by name; one that is on its way or in the library is not ordered again.");
        orders.MapPost("/releases/{id:long}/download", OrderReleaseAsync).WithSummary("Order every missing track of a release.");
        orders.MapDelete("/download/{id:long}", CancelAsync).WithSummary("Cancel a download; its transfer ends at slskd.");
        orders.MapPost("/download/{id:long}/retry", RetryAsync).WithSummary("Try a failed or cancelled download again.");
        orders.MapPatch("/download/{id:long}/priority", PrioritiseAsync).WithSummary("Change the priority of a download and of its job.");
    }

    private static async Task<Results<Accepted<OrderView>, ApiProblem>> OrderAsync(OrderBody body, DownloadOperations operations, HttpContext context, CancellationToken cancellationToken)
    {
        var by = string.IsNullOrWhiteSpace(body.RequestedBy) ? Actor.Of(context) : body.RequestedBy.Trim();
        var tracks = body.Items!
            .Select((item, place) => new TrackOrder(
                place,
                item.Artist!.Trim(),
                item.Title!.Trim(),
                string.IsNullOrWhiteSpace(item.Album) ? null : item.Album.Trim(),
                item.DurationSeconds is { } seconds ? (int)(seconds * 1000) : null,
                string.IsNullOrWhiteSpace(item.Isrc) ? null : item.Isrc.Trim(),
                item.Priority ?? body.Priority ?? DownloadOperations.OrderPriority))
            .ToList();
        var ordered = await operations.OrderAsync(Actor.Of(context), by, tracks, cancellationToken);
        return TypedResults.Accepted(
            (string?)null, new OrderView(body.BatchId ?? Guid.CreateVersion7().ToString(), tracks.Count, by, [.. ordered.Select(o => new OrderedView(o.Id, o.AlreadyKnown))]));
    }

    private static async Task<Results<Accepted<ReleaseOrderView>, ApiProblem>> OrderReleaseAsync(
        long id, ReleasesRepository releases, DownloadOperations operations, HttpContext context, CancellationToken cancellationToken) =>
        await releases.FindAsync(id, cancellationToken) is null
            ? new ApiProblem(ApiError.NotFound("Release"))
            : TypedResults.Accepted((string?)null, new ReleaseOrderView(id, await operations.OrderReleaseAsync(Actor.Of(context), id, cancellationToken)));

    private static async Task<Results<Ok<DownloadView>, ApiProblem>> CancelAsync(
        long id, DownloadOperations operations, DownloadsRepository downloads, HttpContext context, CancellationToken cancellationToken) =>
        Error(await operations.CancelAsync(Actor.Of(context), id, cancellationToken), "Only a waiting or running download can be cancelled.") is { } error
            ? new ApiProblem(error)
            : TypedResults.Ok(DownloadView.Of((await downloads.FindAsync(id, cancellationToken))!));

    private static async Task<Results<Accepted<DownloadView>, ApiProblem>> RetryAsync(
        long id, DownloadOperations operations, DownloadsRepository downloads, HttpContext context, CancellationToken cancellationToken) =>
        Error(await operations.RetryAsync(Actor.Of(context), id, cancellationToken), "Only a failed or cancelled download can be tried again.") is { } error
            ? new ApiProblem(error)
            : TypedResults.Accepted((string?)null, DownloadView.Of((await downloads.FindAsync(id, cancellationToken))!));

    private static async Task<Results<Ok<DownloadView>, ApiProblem>> PrioritiseAsync(
        long id, DownloadPriorityBody body, DownloadOperations operations, DownloadsRepository downloads, HttpContext context, CancellationToken cancellationToken) =>
        Error(await operations.PrioritiseAsync(Actor.Of(context), id, body.Priority!.Value, cancellationToken), "The download has ended.") is { } error
            ? new ApiProblem(error)
            : TypedResults.Ok(DownloadView.Of((await downloads.FindAsync(id, cancellationToken))!));

    private static ApiError? Error(OperatorOutcome outcome, string conflict) => outcome switch
    {
        OperatorOutcome.NotFound => ApiError.NotFound("Download"),
        OperatorOutcome.AlreadyEnded or OperatorOutcome.NotDeadLetter => ApiError.Conflict(conflict),
        OperatorOutcome.Superseded => ApiError.Conflict("The track is on its way, or in the library, in another download."),
        _ => OutcomeWords.Error(outcome),
    };
}

internal sealed record OrderBody(
    [property: PlainText(200)] string? RequestedBy,
    [property: Needed][property: OrderBody.Many] IReadOnlyList<OrderItem>? Items,
    [property: PlainText(200)] string? BatchId,
    [property: Between(-1000, 1000)] int? Priority)
{
    public const int Most = 1000;

    [AttributeUsage(AttributeTargets.Property)]
    internal sealed class ManyAttribute : ValidationAttribute
    {
        protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
        {
            if (value is not IReadOnlyList<OrderItem> items)
                return null;

            if (items.Count is 0 or > Most)
                return new($"must hold from 1 to {Most} tracks.");

            var bad = items.Select((item, place) => (Fault: item.Fault(), place)).FirstOrDefault(checkedItem => checkedItem.Fault is not null);
            return bad.Fault is null ? null : new(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"[{bad.place}]: {bad.Fault}"));
        }
    }
}

internal sealed record OrderItem(string? Artist, string? Title, string? Album, string? Isrc, double? DurationSeconds, int? Priority)
{
    private const int Longest = 500;

    public string? Fault() =>
        string.IsNullOrWhiteSpace(Artist) ? "artist is required."
        : string.IsNullOrWhiteSpace(Title) ? "title is required."
        : TextFault("artist", Artist) ?? TextFault("title", Title) ?? TextFault("album", Album) ?? TextFault("isrc", Isrc)
        ?? (DurationSeconds is not null and not (> 0 and < 86_400) ? "duration_seconds must be above 0 and below 86400."
        : Priority is < -1000 or > 1000 ? "priority must be from -1000 to 1000."
        : null);

    private static string? TextFault(string name, string? text) =>
        text is not null && PlainTextAttribute.FaultOf(text, Longest) is { } fault ? $"{name} {fault}" : null;
}

internal sealed record DownloadPriorityBody([property: Needed][property: Between(-1000, 1000)] int? Priority);

internal sealed record OrderView(string BatchId, int ItemsTotal, string RequestedBy, IReadOnlyList<OrderedView> Items);

/// <summary>Already known: it was on its way, or in the library, before this order.</summary>
internal sealed record OrderedView(long DownloadId, bool AlreadyKnown);

internal sealed record ReleaseOrderView(long ReleaseId, int TracksOrdered);
