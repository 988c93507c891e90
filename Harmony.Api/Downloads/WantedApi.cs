using System.ComponentModel.DataAnnotations;
using Harmony.Api.Access;
using Harmony.Api.Http;
using Harmony.Data.Downloads;
using Harmony.Jobs.Downloads;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Harmony.Api.Downloads;

/// <summary><c>/wanted</c>: tracks that were searched without success and are searched again.</summary>
internal static class WantedApi
{
    public static void MapWanted(this RouteGroupBuilder api)
    {
        var wanted = api.MapGroup("/wanted").WithTags("downloads");
        wanted.MapGet("", ListAsync).RequireAuthorization(Roles.Viewer).WithSummary("Tracks no peer offers, the next to be searched first; go on with cursor.");
        wanted.MapPost("/search", SearchAsync).RequireAuthorization(Roles.Operator).WithSummary("Search wanted tracks now: given ids, or all without a body.");
        wanted.MapPost("/stop", StopAsync).RequireAuthorization(Roles.Operator).WithSummary("Stop wanting these tracks: their downloads are cancelled.");
    }

    private static async Task<Results<Ok<Page<WantedView>>, ApiProblem>> ListAsync(
        [PlainText(200)] string? text, [WantedCursor] string? cursor, [Between(1, 200)] int? limit, WantedRepository wanted, CancellationToken cancellationToken)
    {
        var take = limit ?? 50;
        var items = await wanted.ListAsync(string.IsNullOrWhiteSpace(text) ? null : text.Trim(), WantedPlace.Parse(cursor), take + 1, cancellationToken);
        var next = items.Count > take ? WantedPlace.Of(items[take - 1]).ToString() : null;
        return TypedResults.Ok(new Page<WantedView>([.. items.Take(take).Select(WantedView.Of)], next));
    }

    private static async Task<Results<Ok<WantedChangeView>, ApiProblem>> SearchAsync(
        WantedChoice? body, WantedOperations operations, HttpContext context, CancellationToken cancellationToken) =>
        TypedResults.Ok(WantedChangeView.Of(await operations.SearchNowAsync(Actor.Of(context), body?.Ids, cancellationToken)));

    private static async Task<Results<Ok<WantedChangeView>, ApiProblem>> StopAsync(
        WantedIds body, WantedOperations operations, HttpContext context, CancellationToken cancellationToken) =>
        TypedResults.Ok(WantedChangeView.Of(await operations.StopAsync(Actor.Of(context), body.Ids!, cancellationToken)));

    [AttributeUsage(AttributeTargets.Parameter)]
    private sealed class WantedCursorAttribute() : ValidationAttribute("is not one this list gave.")
    {
        public override bool IsValid(object? value) => value is not string text || WantedPlace.Parse(text) is not null;
    }
}

internal sealed record WantedChoice([property: MostDownloads] IReadOnlyList<long>? Ids);

internal sealed record WantedIds([property: Needed][property: MostDownloads] IReadOnlyList<long>? Ids);

/// <summary>At least one id, and no more than one call may change.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class MostDownloadsAttribute() : ValidationAttribute($"must hold from 1 to {WantedOperations.Most} ids.")
{
    public override bool IsValid(object? value) => value is not IReadOnlyList<long> ids || ids.Count is > 0 and <= WantedOperations.Most;
}

internal sealed record WantedView(
    long Id,
    string Artist,
    string Title,
    string? Album,
    int Priority,
    string Source,
    string? RequestedBy,
    DateTimeOffset WantedSince,
    int Searches,
    DateTimeOffset? LastSearchedAt,
    DateTimeOffset? NextSearchAt,
    string? SearchRequestedBy,
    Closest? Closest,
    string? Reason)
{
    public static WantedView Of(Download d) => new(
        d.Id, d.Artist, d.Title, d.Album, d.Priority, d.Source, d.RequestedBy, d.CreatedAt, d.Searches, d.SearchAfter, d.NextSearchAt,
        d.SearchRequestedBy, Closest.Parse(d.Closest), d.Reason);
}

/// <summary>The number of tracks that were named, and of those that changed.</summary>
internal sealed record WantedChangeView(long Asked, long Changed)
{
    public static WantedChangeView Of(WantedChange change) => new(change.Asked, change.Changed);
}
