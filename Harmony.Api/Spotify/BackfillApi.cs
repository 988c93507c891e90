using Harmony.Api.Access;
using Harmony.Api.Http;
using Harmony.Data.Backfill;
using Harmony.Jobs.Backfill;
using Harmony.Jobs.Providers.Spotify;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Harmony.Api.Spotify;

/// <summary><c>/spotify/backfill</c>: runs that find the Spotify ids of posted tracks, which then become downloads.</summary>
internal static class BackfillApi
{
    public static void MapBackfill(this RouteGroupBuilder api)
    {
        var backfill = api.MapGroup("/spotify/backfill").WithTags("spotify");
        backfill.MapPost("/run", RunAsync).RequireAuthorization(Roles.Operator).WithSummary("Look up tracks that have no Spotify id yet.");
        backfill.MapGet("/jobs", ListAsync).RequireAuthorization(Roles.Viewer).WithSummary("Runs, newest first.");
        backfill.MapGet("/jobs/{id}", GetAsync).RequireAuthorization(Roles.Viewer).WithSummary("One run and its counts.");
    }

    private static async Task<Results<Accepted<BackfillStarted>, ApiProblem>> RunAsync(
        BackfillRequest? body, BackfillOptions options, SpotifyOptions spotify, BackfillRequests backfills, HttpContext context, CancellationToken cancellationToken)
    {
        if (!spotify.IsConfigured)
            return new ApiProblem(ApiError.Dependency(503, "Spotify is not configured: set SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET."));

        var id = await backfills.RunAsync(
            body?.MaxItems ?? options.MaxItems, body?.ExpandPlaylists ?? true, body?.IncludeCachedResults ?? true, Actor.Of(context), cancellationToken);
        return TypedResults.Accepted((string?)null, new BackfillStarted(true, id));
    }

    private static async Task<Results<Ok<BackfillRuns>, ApiProblem>> ListAsync([Between(1, 50)] int? limit, BackfillRepository runs, CancellationToken cancellationToken) =>
        TypedResults.Ok(new BackfillRuns(true, [.. (await runs.ListAsync(limit ?? 10, cancellationToken)).Select(BackfillView.Of)]));

    private static async Task<Results<Ok<BackfillView>, ApiProblem>> GetAsync(string id, BackfillRepository runs, CancellationToken cancellationToken) =>
        await runs.FindAsync(id, cancellationToken) is { } run
            ? TypedResults.Ok(BackfillView.Of(run))
            : new ApiProblem(ApiError.NotFound("Backfill job"));
}

internal sealed record BackfillRequest([Between(1, 10_000)] int? MaxItems, bool? ExpandPlaylists, bool? IncludeCachedResults);

internal sealed record BackfillStarted(bool Ok, string JobId);

internal sealed record BackfillRuns(bool Ok, IReadOnlyList<BackfillView> Jobs);

internal sealed record BackfillCounts(int Requested, int Processed, int Matched, int CacheHits, int CacheMisses, int ExpandedPlaylists, int ExpandedTracks);

internal sealed record BackfillView(
    bool Ok, string JobId, string State, BackfillCounts Counts, bool ExpandPlaylists, bool IncludeCachedResults, long? DurationMs, string? Error)
{
    public static BackfillView Of(BackfillRun r) => new(
        true,
        r.Id,
        r.State,
        new(r.Requested, r.Processed, r.Matched, r.CacheHits, r.CacheMisses, r.ExpandedPlaylists, r.ExpandedTracks),
        r.ExpandPlaylists,
        r.IncludeCachedResults,
        r.DurationMs,
        r.Error);
}
