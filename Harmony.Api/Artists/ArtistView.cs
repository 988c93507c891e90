using System.Text.Json;
using Harmony.Data.Artists;

namespace Harmony.Api.Artists;

/// <summary>An artist with the releases that its source still lists.</summary>
internal sealed record ArtistView(
    long Id,
    string ArtistKey,
    string Source,
    string SourceId,
    string Name,
    IReadOnlyList<string> Genres,
    JsonElement Images,
    int? Popularity,
    JsonElement Metadata,
    long Version,
    string Etag,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    IReadOnlyList<ReleaseView> Releases)
{
    public static ArtistView Of(Artist a, IReadOnlyList<Release> releases) => new(
        a.Id, a.ArtistKey, a.Source, a.SourceId, a.Name, a.Genres, JsonElement.Parse(a.Images), a.Popularity, JsonElement.Parse(a.Metadata),
        a.Version, a.Etag, a.CreatedAt, a.UpdatedAt, [.. releases.Select(ReleaseView.Of)]);
}

internal sealed record ReleaseView(
    long Id,
    string ArtistKey,
    string Source,
    string SourceId,
    string Title,
    string? ReleaseDate,
    string ReleaseType,
    int TotalTracks,
    string? CoverUrl,
    long Version,
    string Etag,
    JsonElement Metadata,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    public static ReleaseView Of(Release r) => new(
        r.Id, r.ArtistKey, r.Source, r.SourceId, r.Title, r.ReleaseDate, r.ReleaseType, r.TotalTracks, r.CoverUrl,
        r.Version, r.Etag, JsonElement.Parse(r.Metadata), r.CreatedAt, r.UpdatedAt);
}
