using System.Text.Json.Nodes;
using Harmony.Sandbox.Catalog;
using Harmony.Sandbox.Images;

namespace Harmony.Sandbox.Spotify;

internal sealed class CatalogEndpoints(SandboxCatalog catalog, CatalogNews news, ImageAddress images)
{
    private static readonly string[] Groups = ["album", "single", "compilation", "appears_on"];

    public void Map(WebApplication app)
    {
        app.MapGet("/v1/artists/{id}", (HttpRequest request, string id)
            => Find(id, catalog.Artist(id), artist => Objects(request).Artist(artist)));
        app.MapGet("/v1/artists/{id}/albums", (HttpRequest request, string id)
            => Find(id, catalog.Artist(id), artist => Discography(request, artist)));
        app.MapGet("/v1/albums/{id}", (HttpRequest request, string id)
            => Find(id, news.Of(catalog.Release(id)), release => Album(request, release)));
        app.MapGet("/v1/albums/{id}/tracks", (HttpRequest request, string id)
            => Find(id, news.Of(catalog.Release(id)), release => AlbumTracks(request, release)));
        app.MapGet("/v1/tracks/{id}", (HttpRequest request, string id)
            => Find(id, catalog.Track(id) is { } track && ReleaseOf(track) is not null ? track : null, found => Objects(request).Track(found, ReleaseOf(found)!)));
    }

    private CatalogRelease? ReleaseOf(CatalogTrack track) => news.Of(catalog.Release(track.ReleaseId));

    private JsonObject? Discography(HttpRequest request, CatalogArtist artist)
    {
        if (SpotifyPage.Read(request, most: 10, otherwise: 5) is not { } page)
            return null;
        var wanted = request.Query["include_groups"].ToString();
        var groups = wanted.Length == 0 ? Groups : wanted.Split(',');
        if (groups.Except(Groups, StringComparer.Ordinal).Any())
            return null;
        var rows = artist.Releases
            .Select(release => new Row(news.Of(release), release.Kind))
            .Concat(catalog.Appearances(artist.Id).Select(release => new Row(news.Of(release), "appears_on")))
            .Where(row => row.Release is not null)
            .Where(row => groups.Contains(row.Group))
            .OrderBy(row => Array.IndexOf(Groups, row.Group))
            .ThenByDescending(row => row.Release!.Date, StringComparer.Ordinal)
            .ToList();
        if (artist.Ragged)
            rows.Insert(Math.Min(1, rows.Count), new Row(null, ""));
        var objects = Objects(request);
        return page.Around(rows, row => Grouped(objects, row.Release, row.Group));
    }

    private static JsonObject? Grouped(SpotifyObjects objects, CatalogRelease? release, string group)
    {
        if (release is null)
            return null;
        var node = objects.Simple(release);
        node["album_group"] = group;
        return node;
    }

    private JsonObject Album(HttpRequest request, CatalogRelease release)
    {
        var objects = Objects(request);
        var tracks = new SpotifyPage(50, 0, $"{Api(request)}/albums/{release.Id}/tracks");
        return objects.Album(release, tracks.Around(release.Tracks, objects.Simple));
    }

    private JsonObject? AlbumTracks(HttpRequest request, CatalogRelease release)
        => SpotifyPage.Read(request, most: 50, otherwise: 20)?.Around(release.Tracks, Objects(request).Simple);

    private SpotifyObjects Objects(HttpRequest request) => new(images, Api(request));

    private static string Api(HttpRequest request) => $"{request.Scheme}://{request.Host}/v1";

    private static IResult Find<T>(string id, T? found, Func<T, JsonObject?> describe)
        where T : class
    {
        if (id.Length != 22 || !id.All(char.IsAsciiLetterOrDigit))
            return SpotifyErrors.Json(400, "Invalid base62 id");
        if (found is null)
            return SpotifyErrors.Json(404, "Resource not found");
        return describe(found) is { } node ? SandboxJson.Json(node) : SpotifyErrors.Json(400, "Invalid limit");
    }

    private sealed record Row(CatalogRelease? Release, string Group);
}
