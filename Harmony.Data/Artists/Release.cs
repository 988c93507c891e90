namespace Harmony.Data.Artists;

/// <summary>A stored release. <c>ReleaseDate</c> is the text of the source (year, month or day), <c>ReleasedOn</c> its first day.</summary>
public sealed record Release
{
    public required long Id { get; init; }

    public required string ArtistKey { get; init; }

    public required string Source { get; init; }

    public required string SourceId { get; init; }

    public required string Title { get; init; }

    public required string AlbumArtist { get; init; }

    public string? ReleaseDate { get; init; }

    public DateOnly? ReleasedOn { get; init; }

    public required string ReleaseType { get; init; }

    public required int TotalTracks { get; init; }

    public string? CoverUrl { get; init; }

    public required string[] Genres { get; init; }

    public string? Copyright { get; init; }

    public required string Etag { get; init; }

    public required long Version { get; init; }

    public required string Metadata { get; init; }

    public DateTimeOffset? TracksReadAt { get; init; }

    public DateTimeOffset? InactiveAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>The data of a release in a list of releases.</summary>
public sealed record ReleaseWrite(
    string SourceId,
    string Title,
    string AlbumArtist,
    string? ReleaseDate,
    DateOnly? ReleasedOn,
    string ReleaseType,
    int TotalTracks,
    string? CoverUrl,
    string Etag);

/// <summary>The data that reading one release adds: the details and the whole track list.</summary>
public sealed record ReleaseDetails(
    long ReleaseId,
    string? CoverUrl,
    IReadOnlyList<string> Genres,
    string? Copyright,
    string? Label,
    string? Upc,
    IReadOnlyList<TrackWrite> Tracks);
