using System.Text.Json.Nodes;
using Harmony.Sandbox.Catalog;
using Harmony.Sandbox.Images;

namespace Harmony.Sandbox.Spotify;

internal sealed class SearchEndpoint(SandboxCatalog catalog, CatalogNews news, ImageAddress images)
{
    private static readonly string[] Types = ["track", "album", "artist"];

    public void Map(WebApplication app) => app.MapGet("/v1/search", Search);

    private IResult Search(HttpRequest request)
    {
        var text = request.Query["q"].ToString();
        var types = request.Query["type"].ToString().Split(',');
        if (text.Length == 0)
            return SpotifyErrors.Json(400, "No search query");
        if (types.Except(Types, StringComparer.Ordinal).Any())
            return SpotifyErrors.Json(400, "Bad search type field");
        if (SpotifyPage.Read(request, most: 10, otherwise: 5) is not { } page)
            return SpotifyErrors.Json(400, "Invalid limit");
        var query = new SearchQuery(text);
        var objects = new SpotifyObjects(images, $"{request.Scheme}://{request.Host}/v1");
        var answer = new JsonObject();
        foreach (var type in types.Distinct(StringComparer.Ordinal))
            answer[type + "s"] = Find(type, query, page, objects);
        return SandboxJson.Json(answer);
    }

    private JsonObject Find(string type, SearchQuery query, SpotifyPage page, SpotifyObjects objects) => type switch
    {
        "track" => page.Around(
            [.. Parts(query).SelectMany(part => part.Tracks).Where(track => ReleaseOf(track) is { } release && query.Matches(track, release))],
            track => objects.Track(track, ReleaseOf(track)!)),
        "album" => page.Around(
            WithGaps([.. Parts(query).SelectMany(part => part.Releases).Select(news.Of).OfType<CatalogRelease>().Where(query.Matches)]),
            release => release is null ? null : objects.Simple(release)),
        _ => page.Around([.. Parts(query).SelectMany(part => part.Artists).Where(query.Matches)], objects.Artist),
    };

    // A title that changed may have any words.
    private IEnumerable<CatalogPart> Parts(SearchQuery query)
    {
        IEnumerable<FurtherArtist> further = query.Isrc is { } isrc
            ? catalog.OfIsrc(isrc) is { } one ? [one] : []
            : catalog.With(query.Words).Concat(news.Renamed.Select(catalog.OfRelease).OfType<FurtherArtist>()).Distinct().OrderBy(artist => artist.Number);
        return further.Select(artist => artist.Part).Prepend(catalog.First);
    }

    private CatalogRelease? ReleaseOf(CatalogTrack track) => news.Of(catalog.Release(track.ReleaseId));

    // The real search has answered null items; the ragged artist's do.
    private static List<CatalogRelease?> WithGaps(List<CatalogRelease> found)
        => [.. found.SelectMany(release => release.Ragged ? new[] { release, null } : [release])];
}
