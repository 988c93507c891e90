namespace Harmony.Sandbox.Catalog;

public sealed record CatalogTrack(
    string Id,
    string ReleaseId,
    string Title,
    int DurationMs,
    int Disc,
    int Number,
    string? Isrc,
    bool Explicit,
    IReadOnlyList<CatalogCredit> Artists)
{
    public string ArtistName => Artists[0].Name;
}
