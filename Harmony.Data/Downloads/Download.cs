namespace Harmony.Data.Downloads;

/// <summary>A wanted track and its progress; <c>Candidate</c> and <c>DeniedPeers</c> are JSON texts.</summary>
public sealed record Download
{
    public required long Id { get; init; }

    public required string State { get; init; }

    public required string Stage { get; init; }

    public required int Priority { get; init; }

    public string? RequestedBy { get; init; }

    public required string Source { get; init; }

    public string? SpotifyTrackId { get; init; }

    public string? SpotifyAlbumId { get; init; }

    public long? ReleaseId { get; init; }

    public long? TrackId { get; init; }

    public required string Artist { get; init; }

    public required string Title { get; init; }

    public string? Album { get; init; }

    public int? DurationMs { get; init; }

    public required int Try { get; init; }

    public string? Candidate { get; init; }

    public required int CandidateRequests { get; init; }

    public string? Username { get; init; }

    public string? Filename { get; init; }

    public required string DeniedPeers { get; init; }

    /// <summary>Answers of searches that are older than this have been judged already.</summary>
    public DateTimeOffset? SearchAfter { get; init; }

    /// <summary>Rounds of searches that found no file to take.</summary>
    public required int Searches { get; init; }

    public DateTimeOffset? NextSearchAt { get; init; }

    /// <summary>By the clock of the database, when the row was read; null and zero: a search is due.</summary>
    public TimeSpan? NextSearchIn { get; init; }

    /// <summary>The operator who asked for the next search.</summary>
    public string? SearchRequestedBy { get; init; }

    /// <summary>The rejected file that came closest in the last round, as a JSON text.</summary>
    public string? Closest { get; init; }

    public Guid? SlskdBatchId { get; init; }

    public string? SlskdTransferId { get; init; }

    public string? Destination { get; init; }

    public string? TransferState { get; init; }

    public DateTimeOffset? RequestedAt { get; init; }

    public DateTimeOffset? QueuedAt { get; init; }

    public DateTimeOffset? ProgressAt { get; init; }

    public required long Bytes { get; init; }

    public long? BytesTotal { get; init; }

    public required double Progress { get; init; }

    public string? LandedPath { get; init; }

    public string? OrganizedPath { get; init; }

    public string? Isrc { get; init; }

    public string? MetadataStatus { get; init; }

    public string? ArtworkUrl { get; init; }

    public string? ArtworkPath { get; init; }

    public string? ArtworkStatus { get; init; }

    public required bool HasArtwork { get; init; }

    public string? LyricsStatus { get; init; }

    public required bool HasLyrics { get; init; }

    public required int RetryCount { get; init; }

    public DateTimeOffset? NextRetryAt { get; init; }

    public string? LastError { get; init; }

    public string? Reason { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public bool IsSearchDue => NextSearchIn is null || NextSearchIn == TimeSpan.Zero;

    /// <summary>Searched before, and no peer had a file to take.</summary>
    public bool IsWanted => State == DownloadState.Queued && Searches > 0 && (Stage is DownloadStage.Wanted or DownloadStage.Searching);

    public bool IsLive => State is DownloadState.Queued or DownloadState.Downloading;
}
