
namespace Harmony.Sandbox.Spotify;

/// <summary>What the service took away in 2024 and 2026: a plain-text 403, not the usual JSON error.</summary>
internal static class WithdrawnEndpoints
{
    private static readonly string[] Routes =
    [
        "/v1/albums", "/v1/artists", "/v1/tracks", "/v1/artists/{id}/top-tracks", "/v1/artists/{id}/related-artists",
        "/v1/recommendations", "/v1/audio-features", "/v1/audio-features/{id}", "/v1/audio-analysis/{id}", "/v1/markets",
        "/v1/browse/new-releases", "/v1/browse/categories", "/v1/browse/featured-playlists", "/v1/playlists/{id}/tracks",
        "/v1/users/{id}", "/v1/users/{id}/playlists",
    ];

    public static void Map(WebApplication app)
    {
        foreach (var route in Routes)
            app.MapGet(route, () => Results.Text("Forbidden: this endpoint is no longer available to your app", "text/plain", statusCode: 403));
    }
}
