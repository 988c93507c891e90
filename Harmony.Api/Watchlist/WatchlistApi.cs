using Harmony.Api.Access;
using Harmony.Api.Artists;
using Harmony.Api.Http;
using Harmony.Api.OpenApi;
using Harmony.Data.Watchlist;
using Harmony.Jobs.Artists;
using Harmony.Jobs.Artists.Watch;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Harmony.Api.Watchlist;

/// <summary><c>/watchlist</c>: artists whose missing tracks are downloaded.</summary>
internal static class WatchlistApi
{
    public static void MapWatchlist(this RouteGroupBuilder api)
    {
        var watchlist = api.MapGroup("/watchlist").WithTags("watchlist");
        watchlist.MapGet("", ListAsync).RequireAuthorization(Roles.Viewer).WithSummary("Artists whose missing tracks are downloaded.")
            .WithExample(ArtistExamples.WatchedList);
        watchlist.MapGet("/tick", ForecastAsync).RequireAuthorization(Roles.Viewer).WithSummary("What the next tick would fetch and download, and why it would skip the others: nothing is done.")
            .WithExample(ArtistExamples.Tick);
        watchlist.MapPost("", AddAsync).RequireAuthorization(Roles.Operator).WithSummary("Watch an artist; backlog says what of earlier releases is wanted.")
            .WithExample(ArtistExamples.Watched, ArtistExamples.Watch);
        watchlist.MapPatch("/{key}", PrioritiseAsync).RequireAuthorization(Roles.Operator).WithSummary("Change an artist's priority.")
            .WithExample(ArtistExamples.Watched, ArtistExamples.Prioritise);
        watchlist.MapPost("/{key}/pause", PauseAsync).RequireAuthorization(Roles.Operator).WithSummary("Leave an artist alone for a while.")
            .WithExample(ArtistExamples.Watched, ArtistExamples.Pause);
        watchlist.MapPost("/{key}/resume", ResumeAsync).RequireAuthorization(Roles.Operator).WithSummary("Go on with an artist.")
            .WithExample(ArtistExamples.Watched);
        watchlist.MapDelete("/{key}", RemoveAsync).RequireAuthorization(Roles.Operator).WithSummary("Stop watching an artist.");
    }

    private static async Task<Ok<WatchedArtists>> ListAsync(WatchlistRepository watchlist, CancellationToken cancellationToken) =>
        TypedResults.Ok(new WatchedArtists([.. (await watchlist.ListAsync(cancellationToken)).Select(WatchedArtistView.Of)]));

    private static async Task<Results<Ok<TickForecast>, ApiProblem>> ForecastAsync([Between(1, 1000)] int? limit, WatchlistForecast forecast, CancellationToken cancellationToken) =>
        TypedResults.Ok(TickForecast.Of(await forecast.AskAsync(limit ?? 200, cancellationToken)));

    private static async Task<Results<Created<WatchedArtistView>, ApiProblem>> AddAsync(
        WatchBody body, WatchlistEntries entries, HttpContext context, CancellationToken cancellationToken)
    {
        var request = new WatchRequest(body.ArtistKey ?? "", body.Priority ?? 0, body.Backlog ?? Backlog.None, body.Since);
        return await entries.AddAsync(request, Actor.Of(context), cancellationToken) switch
        {
            WatchlistEntry.Added added => TypedResults.Created($"{context.Request.Path}/{added.Artist.ArtistKey}", WatchedArtistView.Of(added.Artist)),
            WatchlistEntry.Invalid invalid => new ApiProblem(ApiError.Invalid([new(invalid.Field, invalid.Message)], StatusCodes.Status422UnprocessableEntity)),
            _ => new ApiProblem(ApiError.Conflict("The artist is on the watchlist already.")),
        };
    }

    private static async Task<Results<Ok<WatchedArtistView>, ApiProblem>> PrioritiseAsync(
        string key, PriorityBody body, WatchlistOperations operations, HttpContext context, CancellationToken cancellationToken) =>
        Found(await operations.PrioritiseAsync(Actor.Of(context), key, body.Priority!.Value, cancellationToken));

    private static async Task<Results<Ok<WatchedArtistView>, ApiProblem>> PauseAsync(
        string key, PauseBody? body, WatchlistOperations operations, HttpContext context, CancellationToken cancellationToken)
    {
        var reason = body?.Reason?.Trim();
        return Found(await operations.PauseAsync(Actor.Of(context), key, string.IsNullOrEmpty(reason) ? "paused" : reason, body?.ResumeAt, cancellationToken));
    }

    private static async Task<Results<Ok<WatchedArtistView>, ApiProblem>> ResumeAsync(string key, WatchlistOperations operations, HttpContext context, CancellationToken cancellationToken) =>
        Found(await operations.ResumeAsync(Actor.Of(context), key, cancellationToken));

    private static async Task<Results<NoContent, ApiProblem>> RemoveAsync(string key, WatchlistOperations operations, HttpContext context, CancellationToken cancellationToken) =>
        await operations.UnwatchAsync(Actor.Of(context), key, cancellationToken) ? TypedResults.NoContent() : new ApiProblem(ApiError.NotFound("Watchlist entry"));

    private static Results<Ok<WatchedArtistView>, ApiProblem> Found(WatchedArtist? artist) =>
        artist is null ? new ApiProblem(ApiError.NotFound("Watchlist entry")) : TypedResults.Ok(WatchedArtistView.Of(artist));
}

internal sealed record WatchBody(string? ArtistKey, int? Priority, string? Backlog, DateOnly? Since);

internal sealed record PriorityBody([Needed, Between(WatchPriority.Least, WatchPriority.Most)] int? Priority);

internal sealed record PauseBody([PlainText] string? Reason, DateTimeOffset? ResumeAt);

internal sealed record WatchedArtists(IReadOnlyList<WatchedArtistView> Items);

internal sealed record WatchedArtistView(
    long Id,
    string ArtistKey,
    string? Name,
    int Priority,
    string Backlog,
    DateOnly? Since,
    bool Paused,
    string? PauseReason,
    DateTimeOffset? ResumeAt,
    DateTimeOffset? LastChecked,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    public static WatchedArtistView Of(WatchedArtist a) => new(
        a.Id, a.ArtistKey, a.Name, a.Priority, a.Backlog, a.Since, a.Paused, a.PauseReason, a.ResumeAt, a.LastChecked, a.CreatedAt, a.UpdatedAt);
}
