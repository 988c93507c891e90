using Harmony.Api.Access;
using Harmony.Api.Http;
using Harmony.Data.Downloads;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Harmony.Api.Downloads;

/// <summary><c>/downloads</c>: the requested downloads and their progress.</summary>
internal static class DownloadsApi
{
    private static readonly string[] Active = [DownloadState.Queued, DownloadState.Downloading];

    // The status words of callers, and the states of each.
    private static readonly Dictionary<string, string[]> StatesOf = new(StringComparer.Ordinal)
    {
        ["queued"] = [DownloadState.Queued],
        ["pending"] = [DownloadState.Queued],
        ["running"] = [DownloadState.Downloading],
        ["in_progress"] = [DownloadState.Downloading],
        ["completed"] = [DownloadState.Completed],
        ["failed"] = [DownloadState.Failed, DownloadState.DeadLetter],
        ["dead_letter"] = [DownloadState.DeadLetter],
        ["cancelled"] = [DownloadState.Cancelled],
    };

    private sealed class StatusAttribute() : OneOfAttribute(StatesOf.Keys);

    public static void MapDownloads(this RouteGroupBuilder api)
    {
        api.MapGet("/downloads", ListAsync).RequireAuthorization(Roles.Viewer).WithTags("downloads").WithSummary("Downloads; without status or all=true those not finished.");
        api.MapGet("/download/{id:long}", GetAsync).RequireAuthorization(Roles.Viewer).WithTags("downloads").WithSummary("One download.");
    }

    private static async Task<Results<Ok<DownloadList>, ApiProblem>> ListAsync(
        [Between(1, 100)] int? limit, [Between(0, int.MaxValue)] int? offset, bool? all, [Status] string? status, DownloadsRepository downloads, CancellationToken cancellationToken)
    {
        var (take, skip) = (limit ?? 20, offset ?? 0);
        var states = status is not null ? StatesOf[status.ToLowerInvariant()] : all == true ? [] : Active;
        var items = await downloads.ListAsync(states, take, skip, cancellationToken);
        return TypedResults.Ok(new DownloadList([.. items.Select(DownloadView.Of)], await downloads.CountAsync(states, cancellationToken), take, skip));
    }

    private static async Task<Results<Ok<DownloadView>, ApiProblem>> GetAsync(long id, DownloadsRepository downloads, CancellationToken cancellationToken) =>
        await downloads.FindAsync(id, cancellationToken) is { } download
            ? TypedResults.Ok(DownloadView.Of(download))
            : new ApiProblem(ApiError.NotFound("Download"));
}

internal sealed record DownloadList(IReadOnlyList<DownloadView> Items, long Total, int Limit, int Offset);
