using Harmony.Data.Ingest;

namespace Harmony.Api.Spotify;

internal sealed record ImportItemCounts(long Registered, long Normalized, long Queued, long Completed, long Failed);

/// <summary>A posted list and the states of its tracks.</summary>
internal sealed record ImportJobView(
    string Id,
    string Source,
    string State,
    ImportItemCounts Counts,
    ImportCounts Accepted,
    ImportSkips Skipped,
    string? Error,
    long QueuedTracks,
    long FailedTracks,
    int SkippedTracks,
    string? SkipReason,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    public static ImportJobView Of(IngestJob j) => new(
        j.Id,
        j.Source,
        j.State,
        new(j.Registered, j.Normalized, j.Queued, j.Completed, j.Failed),
        new(j.AcceptedPlaylists, j.AcceptedTracks, j.AcceptedBatches),
        new(j.SkippedPlaylists, j.SkippedTracks, j.SkipReason),
        j.Error,
        j.Queued + j.Completed,
        j.Failed,
        j.SkippedTracks,
        j.SkipReason,
        j.CreatedAt,
        j.UpdatedAt);
}
