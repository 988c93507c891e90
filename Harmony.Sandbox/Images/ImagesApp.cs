using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Harmony.Sandbox.Catalog;

namespace Harmony.Sandbox.Images;

internal sealed class ImagesApp(SandboxCatalog catalog) : ISandboxApp
{
    private readonly ConcurrentDictionary<string, byte[]> _drawn = new(StringComparer.Ordinal);
    private readonly HashSet<string> _known =
    [
        .. HashesOf(catalog.First),
    ];

    public void Map(WebApplication app)
    {
        app.MapMethods("/image/{id}", ["GET", "HEAD"], Draw);
        app.MapFallback(() => Results.NotFound());
    }

    public void Reset() => _drawn.Clear();

    public JsonObject Figures() => [];

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private bool Knows(string hash) => _known.Contains(hash) || (catalog.OfPicture(hash) is { } artist && HashesOf(artist.Part).Contains(hash));

    private static IEnumerable<string> HashesOf(CatalogPart part) =>
        part.Releases.Select(release => release.ImageHash).Concat(part.Artists.Select(artist => artist.ImageHash)).OfType<string>();

    private IResult Draw(string id)
    {
        if (PictureIds.Read(id) is not { } size || !Knows(id[16..]))
            return Results.NotFound();
        if (size == PictureIds.Original && Covers.LacksOriginal(id[16..]))
            return Results.NotFound();
        var bytes = _drawn.GetOrAdd(id, _ => Covers.Draw(id[16..], size.Pixels));
        return Results.Bytes(bytes, Covers.IsPng(id[16..]) ? "image/png" : "image/jpeg");
    }
}
