using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Harmony.Sandbox.Catalog;

namespace Harmony.Sandbox.Images;

internal sealed class ImagesApp(SandboxCatalog catalog) : ISandboxApp
{
    private readonly ConcurrentDictionary<string, byte[]> _drawn = new(StringComparer.Ordinal);
    private readonly HashSet<string> _known =
    [
        .. catalog.Releases.Select(release => release.ImageHash).OfType<string>(),
        .. catalog.Artists.Select(artist => artist.ImageHash).OfType<string>(),
    ];

    public void Map(WebApplication app)
    {
        app.MapMethods("/image/{id}", ["GET", "HEAD"], Draw);
        app.MapFallback(() => Results.NotFound());
    }

    public void Reset() => _drawn.Clear();

    public JsonObject Figures() => [];

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private IResult Draw(string id)
    {
        if (PictureIds.Read(id) is not { } size || !_known.Contains(id[16..]))
            return Results.NotFound();
        if (size == PictureIds.Original && Covers.LacksOriginal(id[16..]))
            return Results.NotFound();
        var bytes = _drawn.GetOrAdd(id, _ => Covers.Draw(id[16..], size.Pixels));
        return Results.Bytes(bytes, Covers.IsPng(id[16..]) ? "image/png" : "image/jpeg");
    }
}
