namespace Harmony.Jobs.Providers.Catalogue;

/// <summary>An artist from its source. Here and below ids are the source's own, and missing values are null or empty.</summary>
public sealed record ProviderArtist(
    string Id,
    string Name,
    IReadOnlyList<string> Genres,
    IReadOnlyList<ProviderImage> Images);

/// <summary>From a list of albums the tracks are empty and genres, copyright, UPC and label unknown.</summary>
public sealed record ProviderAlbum(
    string Id,
    string Name,
    string AlbumType,
    string? ReleaseDate,
    int TotalTracks,
    IReadOnlyList<ProviderArtistRef> Artists,
    IReadOnlyList<ProviderImage> Images,
    IReadOnlyList<string> Genres,
    string? Copyright,
    string? Upc,
    string? Label,
    IReadOnlyList<ProviderTrack> Tracks);

/// <summary>A track inside an album has no <c>Album</c> of its own, and often no ISRC: the single call has both.</summary>
public sealed record ProviderTrack(
    string Id,
    string Name,
    int DiscNumber,
    int TrackNumber,
    int DurationMs,
    string? Isrc,
    bool Explicit,
    IReadOnlyList<ProviderArtistRef> Artists,
    ProviderAlbumRef? Album);

public sealed record ProviderArtistRef(string Id, string Name);

public sealed record ProviderAlbumRef(string Id, string Name, string? ReleaseDate, IReadOnlyList<ProviderImage> Images);

public sealed record ProviderImage(string Url, int? Width, int? Height);

/// <summary>The first page of an artist's albums; a missing total is null.</summary>
public sealed record ProviderListing(int? Total, IReadOnlyList<ProviderAlbum> First);

/// <param name="IsWhole">False when there are more than requested, or more than readable: albums missing in the list may still exist.</param>
public sealed record ProviderDiscography(IReadOnlyList<ProviderAlbum> Albums, bool IsWhole);
