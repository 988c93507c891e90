using Harmony.Data.Artists;

namespace Harmony.Jobs.Artists;

/// <summary>A delta in the words of the audit. Pure.</summary>
public static class ArtistHistory
{
    public static IReadOnlyList<ArtistAuditWrite> Of(ArtistDelta delta, Artist? known, Unlisted unlisted)
    {
        var rows = new List<ArtistAuditWrite>();
        if (delta.Artist is { } artist && (known is null || !SameFace(known, artist)))
        {
            rows.Add(new ArtistAuditWrite("artist", artist.ArtistKey, known is null ? "created" : "updated", Face(known), Face(artist)));
        }

        rows.AddRange(delta.Releases.Select(change => new ArtistAuditWrite(
            "release", change.After.SourceId, change.Before is null ? "created" : "updated", Face(change.Before), Face(change.After))));
        if (unlisted != Unlisted.Reported)
        {
            var what = unlisted == Unlisted.Deleted ? "deleted" : "inactivated";
            rows.AddRange(delta.Gone.Select(gone => new ArtistAuditWrite("release", gone.SourceId, what, Face(gone), null)));
        }

        rows.AddRange(delta.NewAliases.Select(alias => new ArtistAuditWrite("alias", alias, "created", null, new { alias })));
        return rows;
    }

    private static bool SameFace(Artist known, ArtistWrite artist) =>
        known.Name == artist.Name && known.Genres.SequenceEqual(artist.Genres);

    private static object? Face(Artist? artist) => artist is null ? null : new { artist.Name, artist.Genres };

    private static object Face(ArtistWrite artist) => new { artist.Name, artist.Genres };

    private static object? Face(Release? release) => release is null ? null : new
    {
        release.Title,
        release.ReleaseDate,
        release.ReleaseType,
        release.TotalTracks,
        release.CoverUrl,
        Active = release.InactiveAt is null,
    };

    private static object Face(ReleaseWrite release) => new
    {
        release.Title,
        release.ReleaseDate,
        release.ReleaseType,
        release.TotalTracks,
        release.CoverUrl,
        Active = true,
    };
}
