namespace Harmony.Jobs.Files;

/// <summary>The values of a shelf path, from providers and tags: all of them are untrusted.</summary>
public sealed record ShelfTrack(
    string Artist,
    string Album,
    string Title,
    int TrackNumber,
    string Extension,
    string? AlbumArtist = null,
    int DiscNumber = 1,
    int DiscCount = 1,
    string? Date = null);
