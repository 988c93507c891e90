using System.Globalization;
using System.Text.Json;
using Harmony.Data.Artists;
using Harmony.Jobs.Providers.Catalogue;

namespace Harmony.Jobs.Artists;

/// <summary>The writes that make the stored artist equal to the source. Pure.</summary>
public sealed record ArtistDelta
{
    /// <summary>Null when nothing changed, in the artist or in its releases.</summary>
    public ArtistWrite? Artist { get; init; }

    public required IReadOnlyList<ReleaseChange> Releases { get; init; }

    /// <summary>Stored, but no longer listed by the source; inactive releases count only when they are to be deleted.</summary>
    public required IReadOnlyList<Release> Gone { get; init; }

    public required IReadOnlyList<string> NewAliases { get; init; }

    public required string Etag { get; init; }

    public bool IsEmpty => Artist is null;

    /// <param name="isWhole">False when the source lists more than these: other stored releases stay unchanged.</param>
    public static ArtistDelta Between(
        Artist? known,
        IReadOnlyList<Release> knownReleases,
        IReadOnlyList<string> aliases,
        ProviderArtist artist,
        IReadOnlyList<ProviderAlbum> albums,
        Unlisted unlisted,
        bool isWhole = true)
    {
        var listed = albums.DistinctBy(a => a.Id).Select(a => ToRelease(a, artist.Name)).ToList();
        var stored = knownReleases.ToDictionary(r => r.SourceId);
        var changes = listed
            .Select(write => new ReleaseChange(stored.GetValueOrDefault(write.SourceId), write))
            .Where(change => change.Before is null || change.Before.Etag != change.After.Etag || change.Before.InactiveAt is not null)
            .ToList();

        var ids = listed.Select(r => r.SourceId).ToHashSet();
        var others = knownReleases.Where(r => !ids.Contains(r.SourceId)).ToList();
        var gone = isWhole ? others.Where(r => r.InactiveAt is null || unlisted == Unlisted.Deleted).ToList() : [];
        var kept = isWhole && unlisted != Unlisted.Reported ? [] : others.Where(r => r.InactiveAt is null);
        var images = JsonSerializer.Serialize(artist.Images, Wire);
        var etag = Etagged(artist, images, listed.Select(r => r.Etag).Concat(kept.Select(r => r.Etag)));
        return new ArtistDelta
        {
            Artist = known?.Etag == etag && changes.Count == 0 && (gone.Count == 0 || unlisted == Unlisted.Reported)
                ? null
                : new ArtistWrite(ArtistKey.OfSpotify(artist.Id), ArtistKey.Spotify, artist.Id, artist.Name, artist.Genres, images, etag),
            Releases = changes,
            Gone = gone,
            NewAliases = FormerName(known, artist, aliases),
            Etag = etag,
        };
    }

    private static readonly JsonSerializerOptions Wire = new(JsonSerializerDefaults.Web);

    private static string Etagged(ProviderArtist artist, string images, IEnumerable<string> releases) =>
        Fingerprint.Of([artist.Name, .. artist.Genres.Order(StringComparer.Ordinal), images, .. releases.Order(StringComparer.Ordinal)]);

    private static ReleaseWrite ToRelease(ProviderAlbum album, string artistName)
    {
        var albumArtist = album.Artists.Count > 0 ? album.Artists[0].Name : artistName;
        var cover = album.Images.MaxBy(i => i.Width ?? 0)?.Url;
        var total = album.TotalTracks.ToString(CultureInfo.InvariantCulture);
        return new ReleaseWrite(
            album.Id,
            album.Name,
            albumArtist,
            album.ReleaseDate,
            PartialDate.FirstDay(album.ReleaseDate),
            album.AlbumType,
            album.TotalTracks,
            cover,
            Fingerprint.Of([album.Name, albumArtist, album.ReleaseDate, album.AlbumType, total, cover]));
    }

    // The source has no aliases; a name that it drops remains searchable.
    private static IReadOnlyList<string> FormerName(Artist? known, ProviderArtist artist, IReadOnlyList<string> aliases) =>
        known is not null
        && !string.Equals(known.Name, artist.Name, StringComparison.OrdinalIgnoreCase)
        && !aliases.Contains(known.Name, StringComparer.OrdinalIgnoreCase)
            ? [known.Name]
            : [];
}

/// <summary>A release that is new (<c>Before</c> is null), differs, or was listed again.</summary>
public sealed record ReleaseChange(Release? Before, ReleaseWrite After);
