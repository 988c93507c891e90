namespace Harmony.Data.Ingest;

/// <summary>A posted list, with its items counted by state.</summary>
public sealed record IngestJob
{
    public required string Id { get; init; }

    public required string Source { get; init; }

    public required string State { get; init; }

    public required int AcceptedPlaylists { get; init; }

    public required int AcceptedTracks { get; init; }

    public required int AcceptedBatches { get; init; }

    public required int SkippedPlaylists { get; init; }

    public required int SkippedTracks { get; init; }

    public string? SkipReason { get; init; }

    public string? Error { get; init; }

    public required long Registered { get; init; }

    public required long Normalized { get; init; }

    public required long Queued { get; init; }

    public required long Completed { get; init; }

    public required long Failed { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}
