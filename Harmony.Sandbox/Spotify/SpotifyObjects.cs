using System.Text.Json.Nodes;
using Harmony.Sandbox.Catalog;
using Harmony.Sandbox.Images;

namespace Harmony.Sandbox.Spotify;

/// <summary>The wire objects, without the fields that were dropped in 2026.</summary>
internal sealed class SpotifyObjects(ImageAddress images, string api)
{
    private readonly string _images = images.BaseUrl;

    public JsonObject Artist(CatalogArtist artist)
    {
        var node = Named("artist", artist.Id, artist.Name);
        if (!artist.Ragged)
        {
            node["genres"] = SandboxJson.Strings(artist.Genres);
            node["images"] = Images(artist.ImageHash, PictureIds.Artist);
        }
        return node;
    }

    public JsonObject Album(CatalogRelease release, JsonObject tracks)
    {
        var node = Simple(release);
        node["copyrights"] = SandboxJson.Array(release.Copyrights.Select(text => new JsonObject { ["text"] = text, ["type"] = "C" }));
        node["genres"] = new JsonArray();
        if (release.Upc is not null)
            node["external_ids"] = new JsonObject { ["upc"] = release.Upc };
        node["tracks"] = tracks;
        return node;
    }

    public JsonObject Simple(CatalogRelease release)
    {
        var node = Named("album", release.Id, release.Title);
        node["album_type"] = release.Kind;
        node["total_tracks"] = release.Tracks.Count;
        node["release_date"] = release.Date;
        node["release_date_precision"] = release.Precision;
        node["artists"] = Credits(release.Artists);
        node["images"] = Images(release.ImageHash, PictureIds.Album);
        return node;
    }

    public JsonObject Simple(CatalogTrack track)
    {
        var node = Named("track", track.Id, track.Title);
        node["artists"] = Credits(track.Artists);
        node["disc_number"] = track.Disc;
        node["duration_ms"] = track.DurationMs;
        node["explicit"] = track.Explicit;
        node["is_local"] = false;
        node["track_number"] = track.Number;
        return node;
    }

    public JsonObject Track(CatalogTrack track, CatalogRelease release)
    {
        var node = Simple(track);
        node["album"] = Simple(release);
        if (track.Isrc is not null)
            node["external_ids"] = new JsonObject { ["isrc"] = track.Isrc };
        return node;
    }

    private JsonArray Credits(IEnumerable<CatalogCredit> credits)
        => SandboxJson.Array(credits.Select(credit => Named("artist", credit.Id, credit.Name)));

    private JsonObject Named(string type, string id, string name) => new()
    {
        ["external_urls"] = new JsonObject { ["spotify"] = $"https://open.spotify.com/{type}/{id}" },
        ["href"] = $"{api}/{type}s/{id}",
        ["id"] = id,
        ["name"] = name,
        ["type"] = type,
        ["uri"] = $"spotify:{type}:{id}",
    };

    private JsonArray Images(string? hash, IReadOnlyList<PictureSize> sizes)
        => hash is null
            ? []
            : SandboxJson.Array(sizes.Select(size => new JsonObject
            {
                ["url"] = $"{_images}/image/{size.Prefix}{hash}",
                ["height"] = size.Pixels,
                ["width"] = size.Pixels,
            }));
}
