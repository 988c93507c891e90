using System.Text.Json;
using System.Text.Json.Nodes;
using Harmony.Data.Artists;

namespace Harmony.Jobs.Artists;

/// <summary>Converts a delta to audit entries. Pure.</summary>
internal static class ArtistHistory
{
    public static IReadOnlyList<ArtistAuditWrite> Of(ArtistDelta delta, Artist? known, Unlisted unlisted)
    {
        var rows = new List<ArtistAuditWrite>();
        if (delta.Artist is { } artist && (known is null || !LooksSame(known, artist)))
            rows.Add(new ArtistAuditWrite("artist", artist.ArtistKey, known is null ? "created" : "updated", ShownFields(known), ShownFields(artist)));

        rows.AddRange(delta.Releases.Where(change => !LooksSame(change)).Select(change => new ArtistAuditWrite(
            "release", change.After.SourceId, change.Before is null ? "created" : "updated", ShownFields(change.Before), ShownFields(change.After))));
        if (unlisted != Unlisted.Reported)
        {
            var what = unlisted == Unlisted.Deleted ? "deleted" : "inactivated";
            rows.AddRange(delta.Gone.Select(gone => new ArtistAuditWrite("release", gone.SourceId, what, ShownFields(gone), null)));
        }

        rows.AddRange(delta.NewAliases.Select(alias => new ArtistAuditWrite("alias", alias, "updated", null, new { alias })));
        return rows;
    }

    private static bool LooksSame(Artist known, ArtistWrite artist) =>
        known.Name == artist.Name && known.Genres.SequenceEqual(artist.Genres) && JsonNode.DeepEquals(JsonNode.Parse(known.Images), JsonNode.Parse(artist.ImagesJson));

    // The import of a track stores a release without a fingerprint: it is compared again, and may turn out to be unchanged.
    private static bool LooksSame(ReleaseChange change) =>
        change.Before is { } before && JsonSerializer.Serialize(ShownFields(before)) == JsonSerializer.Serialize(ShownFields(change.After));

    private static object? ShownFields(Artist? artist) => artist is null ? null : new { artist.Name, artist.Genres, Images = JsonNode.Parse(artist.Images) };

    private static object ShownFields(ArtistWrite artist) => new { artist.Name, artist.Genres, Images = JsonNode.Parse(artist.ImagesJson) };

    private static object? ShownFields(Release? release) => release is null ? null : new
    {
        release.Title,
        release.AlbumArtist,
        release.ReleaseDate,
        release.ReleaseType,
        release.TotalTracks,
        release.CoverUrl,
        Active = release.InactiveAt is null,
    };

    private static object ShownFields(ReleaseWrite release) => new
    {
        release.Title,
        release.AlbumArtist,
        release.ReleaseDate,
        release.ReleaseType,
        release.TotalTracks,
        release.CoverUrl,
        Active = true,
    };
}
