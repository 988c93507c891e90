using Harmony.Data.Downloads;

namespace Harmony.Api.Downloads;

/// <summary>A download as callers see it; <c>status</c> is the origin's word for the state.</summary>
internal sealed record DownloadView(
    long Id,
    string Status,
    string State,
    string Stage,
    int Priority,
    double Progress,
    long Bytes,
    long? BytesTotal,
    string Artist,
    string Title,
    string? Album,
    string? Isrc,
    string? SpotifyTrackId,
    string? SpotifyAlbumId,
    string? Username,
    string? Filename,
    string? OrganizedPath,
    string Source,
    string? RequestedBy,
    string? Reason,
    string? LastError,
    int RetryCount,
    DateTimeOffset? NextRetryAt,
    LiveQueue? LiveQueue,
    string? MetadataStatus,
    string? ArtworkStatus,
    bool HasArtwork,
    string? LyricsStatus,
    bool HasLyrics,
    DateTimeOffset? CompletedAt,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    public static DownloadView Of(Download d) => new(
        d.Id, StatusOf(d.State), d.State, d.Stage, d.Priority, d.Progress, d.Bytes, d.BytesTotal,
        d.Artist, d.Title, d.Album, d.Isrc, d.SpotifyTrackId, d.SpotifyAlbumId, d.Username, d.Filename, d.OrganizedPath,
        d.Source, d.RequestedBy, d.Reason, d.LastError, d.RetryCount, d.NextRetryAt,
        d.IsLive && d.TransferState is not null ? new(d.TransferState, d.RequestedAt, d.QueuedAt, d.ProgressAt) : null,
        d.MetadataStatus, d.ArtworkStatus, d.HasArtwork, d.LyricsStatus, d.HasLyrics, d.CompletedAt, d.CreatedAt, d.UpdatedAt);

    private static string StatusOf(string state) => state switch
    {
        DownloadState.Queued => "pending",
        DownloadState.Downloading => "in_progress",
        _ => state,
    };
}

/// <summary>The state of the transfer at the peer, for downloads in progress.</summary>
internal sealed record LiveQueue(string State, DateTimeOffset? RequestedAt, DateTimeOffset? QueuedAt, DateTimeOffset? ProgressAt);
