namespace Harmony.Jobs.Providers.Spotify;

public sealed record SpotifyArtist(
    string Id,
    string Name,
    IReadOnlyList<string> Genres,
    IReadOnlyList<SpotifyImage> Images);

/// <summary>From a list of albums the tracks are empty and genres, copyright, UPC and label unknown.</summary>
public sealed record SpotifyAlbum(
    string Id,
    string Name,
    string AlbumType,
    string? ReleaseDate,
    string? ReleaseDatePrecision,
    int TotalTracks,
    IReadOnlyList<SpotifyArtistRef> Artists,
    IReadOnlyList<SpotifyImage> Images,
    IReadOnlyList<string> Genres,
    string? Copyright,
    string? Upc,
    string? Label,
    IReadOnlyList<SpotifyTrack> Tracks);

/// <summary>A track inside an album has no <c>Album</c> of its own, and often no ISRC: the single call has both.</summary>
public sealed record SpotifyTrack(
    string Id,
    string Name,
    int DiscNumber,
    int TrackNumber,
    int DurationMs,
    string? Isrc,
    bool Explicit,
    IReadOnlyList<SpotifyArtistRef> Artists,
    SpotifyAlbumRef? Album);

public sealed record SpotifyArtistRef(string Id, string Name);

public sealed record SpotifyAlbumRef(string Id, string Name, string? ReleaseDate, IReadOnlyList<SpotifyImage> Images);

public sealed record SpotifyImage(string Url, int? Width, int? Height);

/// <summary>The first page of an artist's albums; a total that is not told is null.</summary>
public sealed record SpotifyListing(int? Total, IReadOnlyList<SpotifyAlbum> First);
