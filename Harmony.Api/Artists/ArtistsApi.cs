using Harmony.Api.Access;
using Harmony.Api.Http;
using Harmony.Api.Http.Caching;
using Harmony.Api.Jobs;
using Harmony.Api.OpenApi;
using Harmony.Data.Artists;
using Harmony.Data.Watchlist;
using Harmony.Jobs.Artists;
using Harmony.Jobs.Artists.Sync;
using Harmony.Jobs.Artists.Watch;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Harmony.Api.Artists;

/// <summary><c>/artists</c>: the data of an artist, and the list of artists whose metadata is kept fresh.</summary>
internal static class ArtistsApi
{
    public static void MapArtists(this RouteGroupBuilder api)
    {
        var artists = api.MapGroup("/artists").WithTags("artists");
        artists.MapGet("/watchlist", ListAsync).RequireAuthorization(Roles.Viewer).WithSummary("Artists whose metadata is kept fresh.")
            .WithExample(ArtistExamples.SyncedList);
        artists.MapPost("/watchlist", SaveAsync).RequireAuthorization(Roles.Operator).WithSummary("Add an artist, or replace its priority and cooldown.")
            .WithExample(ArtistExamples.Synced, ArtistExamples.AddSynced);
        artists.MapDelete("/watchlist/{key}", RemoveAsync).RequireAuthorization(Roles.Operator).WithSummary("Take an artist off that list.");
        artists.MapGet("/{key}", GetAsync).RequireAuthorization(Roles.Viewer).WithSummary("An artist with its releases.")
            .WithExample(ArtistExamples.Artist);
        artists.MapPost("/{key}/enqueue-sync", EnqueueSyncAsync).RequireAuthorization(Roles.Operator).WithSummary("Bring an artist up to date.")
            .WithExample(ArtistExamples.Enqueued, ArtistExamples.Enqueue);
    }

    private static async Task<Results<Ok<SyncedArtists>, ApiProblem>> ListAsync(
        [Between(1, 100)] int? limit, [Between(0, int.MaxValue)] int? offset, ArtistWatchlistRepository watchlist, CancellationToken cancellationToken)
    {
        var (take, skip) = (limit ?? 25, offset ?? 0);
        var items = await watchlist.ListAsync(take, skip, cancellationToken);
        return TypedResults.Ok(new SyncedArtists([.. items.Select(SyncedArtistView.Of)], await watchlist.CountAsync(cancellationToken), take, skip));
    }

    private static async Task<Results<Created<SyncedArtistView>, ApiProblem>> SaveAsync(
        SyncedArtistRequest body, WatchlistOperations operations, HttpContext context, CancellationToken cancellationToken)
    {
        var key = body.ArtistKey!.Trim();
        var saved = await operations.KeepFreshAsync(Actor.Of(context), key, body.Priority ?? 0, body.CooldownUntil, cancellationToken);
        return TypedResults.Created($"{context.Request.Path}/{Uri.EscapeDataString(key)}", SyncedArtistView.Of(saved));
    }

    private static async Task<Results<NoContent, ApiProblem>> RemoveAsync(string key, WatchlistOperations operations, HttpContext context, CancellationToken cancellationToken) =>
        await operations.DropAsync(Actor.Of(context), key, cancellationToken) ? TypedResults.NoContent() : new ApiProblem(ApiError.NotFound("Watchlist entry"));

    private static async Task<Results<Ok<ArtistView>, StatusCodeHttpResult, ApiProblem>> GetAsync(
        [ArtistKey] string key, ArtistsRepository artists, ReleasesRepository releases, HttpContext context, CancellationToken cancellationToken)
    {
        if (await artists.FindAsync(key, cancellationToken) is not { } artist)
            return new ApiProblem(ApiError.NotFound("Artist"));

        var tag = $"\"{artist.Etag}\"";
        context.Response.Headers.ETag = tag;
        if (EntityTag.IsKnown(context.Request.Headers.IfNoneMatch, tag))
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        return TypedResults.Ok(ArtistView.Of(artist, await releases.ListActiveAsync(artist.ArtistKey, cancellationToken)));
    }

    private static async Task<Results<Accepted<EnqueuedView>, ApiProblem>> EnqueueSyncAsync(
        [SpotifyKey] string key, SyncRequest? body, ArtistSyncs syncs, HttpContext context, CancellationToken cancellationToken)
    {
        var enqueued = await syncs.RequestAsync(Actor.Of(context), key, body?.Force == true, null, cancellationToken);
        return TypedResults.Accepted((string?)null, EnqueuedView.Of(enqueued, ArtistSyncArgs.Kind));
    }
}

internal sealed record SyncRequest(bool? Force);

internal sealed record SyncedArtistRequest([SpotifyKey] string? ArtistKey, [Between(WatchPriority.Least, WatchPriority.Most)] int? Priority, DateTimeOffset? CooldownUntil);

internal sealed record SyncedArtists(IReadOnlyList<SyncedArtistView> Items, long Total, int Limit, int Offset);

internal sealed record SyncedArtistView(
    string ArtistKey, int Priority, DateTimeOffset? LastEnqueuedAt, DateTimeOffset? CooldownUntil, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public static SyncedArtistView Of(SyncedArtist a) => new(a.ArtistKey, a.Priority, a.LastEnqueuedAt, a.CooldownUntil, a.CreatedAt, a.UpdatedAt);
}
