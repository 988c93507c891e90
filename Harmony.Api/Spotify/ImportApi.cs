using System.ComponentModel.DataAnnotations;
using Harmony.Api.Access;
using Harmony.Api.Http;
using Harmony.Data.Ingest;
using Harmony.Jobs.Ingest;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Harmony.Api.Spotify;

/// <summary><c>/spotify/import</c>: posted lists of tracks. Some or none of a list may be accepted, and the answer says which.</summary>
internal static class ImportApi
{
    public static void MapImports(this RouteGroupBuilder api)
    {
        var imports = api.MapGroup("/spotify/import").WithTags("spotify");
        imports.MapPost("/free", ImportAsync).RequireAuthorization(Roles.Operator)
            .Produces<ImportAnswer>(202).Produces<ImportAnswer>(207).WithSummary("Post tracks as lines: Artist - Title (Album) mm:ss.");
        imports.MapGet("/jobs/{id}", GetAsync).RequireAuthorization(Roles.Viewer).WithSummary("What became of a posted list.");
    }

    private static async Task<Results<JsonHttpResult<ImportAnswer>, ApiProblem>> ImportAsync(
        ImportRequest body, IngestRequests imports, CancellationToken cancellationToken)
    {
        var (links, tracks) = (body.PlaylistLinks ?? [], body.Tracks ?? []);
        if (Objection(links) is { } objection)
            return new ApiProblem(objection);

        if (tracks.Count == 0)
            return Answer(null, default, links.Count, 0, PlaylistsNotTaken);
        var receipt = await imports.ImportAsync(tracks, body.BatchHint, cancellationToken);
        return Answer(
            receipt.JobId,
            new(0, receipt.AcceptedTracks, receipt.Batches),
            links.Count,
            receipt.SkippedTracks,
            receipt.SkipReason ?? (links.Count > 0 ? PlaylistsNotTaken : null));
    }

    // Links are not read until playlists can be expanded; until then the answer says so, and the caller does not wait.
    private const string PlaylistsNotTaken = "playlists_not_supported";

    private static ApiError? Objection(IReadOnlyList<string> links)
    {
        var bad = links.Select(link => new LinkRefusal(link, PlaylistLink.RefusalOf(link))).Where(r => r.Reason is not null).ToList();
        return bad.Count == 0
            ? null
            : ApiError.Invalid("playlist_links", "some links are not Spotify playlists.") with
            {
                Meta = new Dictionary<string, object?> { ["details"] = bad },
            };
    }

    private static JsonHttpResult<ImportAnswer> Answer(string? jobId, ImportCounts accepted, int skippedLinks, int skippedTracks, string? reason)
    {
        var error = reason switch
        {
            null => null,
            IngestReceipt.Backpressure => new ImportError("BACKPRESSURE", "Too many lists are waiting; post this one again later."),
            _ => new ImportError("PARTIAL_SUCCESS", "Not everything was taken; see skipped."),
        };
        var answer = new ImportAnswer(error is null, jobId, accepted, new(skippedLinks, skippedTracks, reason), error);
        return TypedResults.Json(answer, statusCode: error is null ? StatusCodes.Status202Accepted : StatusCodes.Status207MultiStatus);
    }

    private static async Task<Results<Ok<ImportJobAnswer>, ApiProblem>> GetAsync(string id, IngestRepository ingest, CancellationToken cancellationToken) =>
        await ingest.FindJobAsync(id, cancellationToken) is { } job
            ? TypedResults.Ok(new ImportJobAnswer(true, ImportJobView.Of(job)))
            : new ApiProblem(ApiError.NotFound("Import job"));
}

internal sealed record ImportRequest(IReadOnlyList<string>? PlaylistLinks, IReadOnlyList<string>? Tracks, [Between(1, 10_000)] int? BatchHint) : IValidatableObject
{
    private const int MostLinks = 1000;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var (links, tracks) = (PlaylistLinks ?? [], Tracks ?? []);
        if (links.Count == 0 && tracks.Count == 0)
            yield return new("give at least one track.", ["tracks"]);
        if (links.Count > MostLinks)
            yield return new("too many.", ["playlist_links"]);
        if (tracks.Any(t => t is null) || links.Any(l => l is null))
            yield return new("must be texts.", ["tracks"]);
    }
}

internal sealed record LinkRefusal(string Url, string? Reason);

internal readonly record struct ImportCounts(int Playlists, int Tracks, int Batches);

internal sealed record ImportSkips(int Playlists, int Tracks, string? Reason);

internal sealed record ImportError(string Code, string Message);

internal sealed record ImportAnswer(bool Ok, string? JobId, ImportCounts Accepted, ImportSkips Skipped, ImportError? Error);

internal sealed record ImportJobAnswer(bool Ok, ImportJobView Job);
