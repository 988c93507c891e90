using System.Globalization;
using System.Text.Json.Nodes;
using Harmony.Sandbox.Catalog;

namespace Harmony.Sandbox.Lyrics;

internal sealed class LrclibApp(SandboxCatalog catalog, int seed) : ISandboxApp
{
    private const int MostFound = 20;
    private readonly LyricsBook _book = new(catalog, seed);

    public void Map(WebApplication app)
    {
        app.MapGet("/api/get", Get);
        app.MapGet("/api/get/{id:int}", (int id) => _book.Find(id) is { } entry
            ? SandboxJson.Json(_book.Describe(entry))
            : NotFound());
        app.MapGet("/api/search", Search);
        app.MapFallback(() => Results.NotFound());
    }

    public void Reset()
    {
        // The book is the same every day.
    }

    public JsonObject Figures() => [];

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private IResult Get(HttpRequest request)
    {
        var (title, artist, album) = (Text(request, "track_name"), Text(request, "artist_name"), Text(request, "album_name"));
        var length = Text(request, "duration");
        if (title.Length == 0 || artist.Length == 0)
            return Error(400, "ValidationError", "track_name and artist_name are required");
        var seconds = 0.0;
        if (length.Length > 0 && (!double.TryParse(length, CultureInfo.InvariantCulture, out seconds) || seconds is < 1 or > 3600))
            return Error(400, "ValidationError", "duration must be between 1 and 3600");
        var found = _book.Named(artist, title).FirstOrDefault(entry =>
            (album.Length == 0 || PlainText.Words(album).SequenceEqual(PlainText.Words(entry.Album)))
            && (length.Length == 0 || Math.Abs((entry.DurationMs / 1000.0) - seconds) <= 2));
        return found is null ? NotFound() : SandboxJson.Json(_book.Describe(found));
    }

    private IResult Search(HttpRequest request)
    {
        var anywhere = PlainText.Words(Text(request, "q"));
        var title = PlainText.Words(Text(request, "track_name"));
        var artist = PlainText.Words(Text(request, "artist_name"));
        var album = PlainText.Words(Text(request, "album_name"));
        if (anywhere.Length + title.Length == 0)
            return Error(400, "ValidationError", "q or track_name is required");
        var found = _book.Among([.. title, .. artist, .. album, .. anywhere]).Where(entry =>
            title.All(PlainText.Words(entry.Title).Contains)
            && artist.All(PlainText.Words(entry.Artist).Contains)
            && album.All(PlainText.Words(entry.Album).Contains)
            && anywhere.All(PlainText.Words($"{entry.Title} {entry.Artist} {entry.Album}").Contains));
        return SandboxJson.Json(SandboxJson.Array(found.Take(MostFound).Select(_book.Describe)));
    }

    private static string Text(HttpRequest request, string name) => request.Query[name].ToString().Trim();

    private static IResult NotFound() => Error(404, "TrackNotFound", "Failed to find specified track");

    private static IResult Error(int status, string name, string message)
        => SandboxJson.Json(new JsonObject { ["message"] = message, ["name"] = name, ["statusCode"] = status }, status);
}
