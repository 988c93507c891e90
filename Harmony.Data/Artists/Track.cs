namespace Harmony.Data.Artists;

/// <summary>A track of a release; <c>Artists</c> is a JSON list of id and name.</summary>
public sealed record Track
{
    public required long Id { get; init; }

    public required string SourceId { get; init; }

    public required string Title { get; init; }

    public required int DiscNumber { get; init; }

    public required int TrackNumber { get; init; }

    public required int DurationMs { get; init; }

    public string? Isrc { get; init; }

    public required string Artists { get; init; }
}

public sealed record TrackWrite(
    string SourceId,
    string Title,
    int DiscNumber,
    int TrackNumber,
    int DurationMs,
    string? Isrc,
    bool Explicit,
    IReadOnlyList<TrackArtist> Artists);

public sealed record TrackArtist(string Id, string Name);
