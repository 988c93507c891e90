using Harmony.Api.Access;
using Harmony.Api.Http;
using Harmony.Api.Http.Caching;
using Harmony.Api.OpenApi;
using Harmony.Data.Artists;
using Harmony.Data.Evictions;
using Harmony.Jobs.Artists;
using Harmony.Jobs.Artists.Sync;
using Harmony.Orchestrator;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Harmony.Api.Artists;

/// <summary><c>/admin/artists</c>: support actions on one artist. Only mapped when FEATURE_ADMIN_API is on.</summary>
internal static partial class AdminArtistsApi
{
    // Before other artists, because a caller waits for it.
    private const int Ahead = 10;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(100);

    public static void MapAdminArtists(this IEndpointRouteBuilder routes)
    {
        var artists = routes.MapGroup("/admin/artists").WithTags("admin").RequireAuthorization(Roles.Admin).WithRequestValidation();
        artists.MapPost("/{key}/reconcile", ReconcileAsync).WithSummary("Compare an artist with its source; dry_run=false writes what differs, through a job.")
            .WithExample(ArtistExamples.Reconciled);
        artists.MapPost("/{key}/resync", ResyncAsync).WithSummary("Sync an artist anew, before others.")
            .WithExample(ArtistExamples.Resynced);
        artists.MapPost("/{key}/invalidate", InvalidateAsync).WithSummary("Forget the answers about an artist that are kept, in every process.")
            .WithExample(ArtistExamples.Invalidated);
        artists.MapGet("/{key}/audit", AuditAsync).WithSummary("What syncs changed in an artist, newest first.")
            .WithExample(ArtistExamples.Audit);
    }

    private static async Task<Results<Ok<ReconcileView>, Accepted<ReconcileView>, ApiProblem>> ReconcileAsync(
        [SpotifyKey] string key, [FromQuery(Name = "dry_run")] bool? dryRun, AdminArtists admin, HttpContext context, ILogger<ArtistReconcile> log, CancellationToken cancellationToken)
    {
        var safety = await admin.LookAsync(key, cancellationToken);
        if (dryRun == false && safety.Refusal is { } refusal)
            return new ApiProblem(refusal);

        var preview = await admin.PreviewAsync(key, cancellationToken);
        var view = ReconcileView.Of(key, preview, safety);
        DryRun(log, key, view.Delta.Summary.Added, view.Delta.Summary.Updated, view.Delta.Summary.Removed);
        if (dryRun != false)
            return TypedResults.Ok(view);

        var jobId = (await admin.EnqueueAsync(key, Ahead, Actor.Of(context), cancellationToken)).JobId;
        var end = await admin.AwaitAsync(jobId, LongestWait, Glance, cancellationToken);
        Reconciled(log, key, jobId, end?.State ?? "waiting");
        view = view with { DryRun = false, JobId = jobId };
        return end switch
        {
            null => TypedResults.Accepted((string?)null, view),
            { State: HangfireStates.Succeeded } => TypedResults.Ok(view with { Applied = true, Result = end.Result is null ? null : System.Text.Json.JsonElement.Parse(end.Result) }),
            _ => new ApiProblem(ApiError.Dependency(502, $"Job {jobId} ended as {end.State}: {end.LastError ?? end.Reason}")),
        };
    }

    private static async Task<Results<Accepted<ResyncView>, ApiProblem>> ResyncAsync(
        [SpotifyKey] string key, AdminArtists admin, HttpContext context, ILogger<ArtistReconcile> log, CancellationToken cancellationToken)
    {
        if ((await admin.LookAsync(key, cancellationToken)).Refusal is { } refusal)
            return new ApiProblem(refusal);

        var sync = await admin.EnqueueAsync(key, Ahead, Actor.Of(context), cancellationToken);
        Resynced(log, key, sync.JobId);
        return TypedResults.Accepted((string?)null, new ResyncView(true, sync.JobId, sync.Priority));
    }

    private static async Task<Results<Ok<ArtistAuditPage>, ApiProblem>> AuditAsync(
        [ArtistKey] string key, [Between(1, 200)] int? limit, [Cursor] string? cursor, ArtistsRepository artists, ILogger<ArtistReconcile> log, CancellationToken cancellationToken)
    {
        var take = limit ?? 100;
        // One row more than shown shows whether there is another page; the cursor is the last row shown, so that no row is lost between two.
        var rows = await artists.ListAuditAsync(key, CursorAttribute.Read(cursor), take + 1, cancellationToken);
        Audited(log, key, Math.Min(rows.Count, take));
        return TypedResults.Ok(ArtistAuditPage.Of(key, rows, take));
    }

    // The count is that of this process; the other processes are notified and do not answer.
    private static async Task<Results<Ok<InvalidatedView>, ApiProblem>> InvalidateAsync(
        [SpotifyKey] string key, ResponseCache cache, EvictionNotices notices, ILogger<ArtistReconcile> log, CancellationToken cancellationToken)
    {
        var evicted = cache.Evict(key);
        await notices.AskAsync(key, cancellationToken);
        Invalidated(log, key, evicted);
        return TypedResults.Ok(new InvalidatedView(key, evicted));
    }

    [LoggerMessage(EventName = "artist.admin.dry_run", Level = LogLevel.Information, Message = "{ArtistKey}: {Added} to add, {Updated} to update, {Removed} no longer listed")]
    private static partial void DryRun(ILogger log, string artistKey, int added, int updated, int removed);

    [LoggerMessage(EventName = "artist.admin.reconcile", Level = LogLevel.Information, Message = "{ArtistKey}: job {JobId} {State}")]
    private static partial void Reconciled(ILogger log, string artistKey, long jobId, string state);

    [LoggerMessage(EventName = "artist.admin.resync", Level = LogLevel.Information, Message = "{ArtistKey}: job {JobId}")]
    private static partial void Resynced(ILogger log, string artistKey, long jobId);

    [LoggerMessage(EventName = "artist.admin.audit", Level = LogLevel.Information, Message = "{ArtistKey}: {Count} audit rows read")]
    private static partial void Audited(ILogger log, string artistKey, int count);

    [LoggerMessage(EventName = "artist.admin.invalidate", Level = LogLevel.Information, Message = "{ArtistKey}: {Evicted} cached answers evicted")]
    private static partial void Invalidated(ILogger log, string artistKey, int evicted);
}
