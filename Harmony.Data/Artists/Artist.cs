namespace Harmony.Data.Artists;

/// <summary>A stored artist; <c>Images</c> and <c>Metadata</c> are JSON texts.</summary>
public sealed record Artist
{
    public required long Id { get; init; }

    public required string ArtistKey { get; init; }

    public required string Source { get; init; }

    public required string SourceId { get; init; }

    public required string Name { get; init; }

    public required string[] Genres { get; init; }

    public required string Images { get; init; }

    public int? Popularity { get; init; }

    public required string Metadata { get; init; }

    public required string Etag { get; init; }

    public required long Version { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>The values a sync writes for an artist.</summary>
public sealed record ArtistWrite(
    string ArtistKey, string Source, string SourceId, string Name, IReadOnlyList<string> Genres, string ImagesJson, string Etag);

/// <summary>A row of the artists page.</summary>
public sealed record ArtistSummary
{
    public required string ArtistKey { get; init; }

    public required string Name { get; init; }

    public required string[] Genres { get; init; }

    public required long Releases { get; init; }

    public required long Tracks { get; init; }

    public required long Completed { get; init; }

    public required long Active { get; init; }

    public required long Failed { get; init; }

    public required bool Watched { get; init; }

    public DateTimeOffset? LastChecked { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}
