namespace Harmony.Sandbox.Catalog;

/// <summary>Ragged: optional fields are missing and lists hold nulls, as the real service does now and then.</summary>
public sealed record CatalogRelease(
    string Id,
    string Title,
    string Kind,
    string Date,
    string Precision,
    string? Upc,
    string? ImageHash,
    bool Ragged,
    IReadOnlyList<CatalogCredit> Artists,
    IReadOnlyList<string> Copyrights,
    IReadOnlyList<CatalogTrack> Tracks)
{
    public string Year => Date[..4];
}

public sealed record CatalogCredit(string Id, string Name);
