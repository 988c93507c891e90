namespace Harmony.Jobs.Files;

/// <summary>The values a shelf path is made of, as providers and tags gave them: nothing in here is trusted.</summary>
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
