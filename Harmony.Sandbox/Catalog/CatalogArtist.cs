namespace Harmony.Sandbox.Catalog;

public sealed record CatalogArtist(
    string Id,
    string Name,
    IReadOnlyList<string> Genres,
    string? ImageHash,
    bool Ragged,
    IReadOnlyList<CatalogRelease> Releases);
