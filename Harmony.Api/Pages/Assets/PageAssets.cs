using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace Harmony.Api.Pages.Assets;

/// <summary>The stylesheet, the script and the icon: compiled in, served from memory, revalidated by ETag.</summary>
internal sealed class PageAssets
{
    private static readonly Dictionary<string, string> ContentTypes = new(StringComparer.Ordinal)
    {
        ["harmony.css"] = "text/css; charset=utf-8",
        ["harmony.js"] = "text/javascript; charset=utf-8",
        ["icon.svg"] = "image/svg+xml",
    };

    private readonly Dictionary<string, Asset> _assets = ContentTypes.ToDictionary(t => t.Key, t => Read(t.Key, t.Value), StringComparer.Ordinal);

    /// <summary>Changes with every asset, so that a new release never gets an old stylesheet.</summary>
    public string Version => _assets["harmony.css"].Tag[..8] + _assets["harmony.js"].Tag[..8];

    public IResult Serve(string name, HttpContext context)
    {
        if (!_assets.TryGetValue(name, out var asset))
            return TypedResults.NotFound();

        context.Response.Headers.CacheControl = context.Request.Query.ContainsKey("v") ? "public, max-age=31536000, immutable" : "no-cache";
        return TypedResults.Bytes(asset.Content, asset.ContentType, entityTag: new EntityTagHeaderValue($"\"{asset.Tag}\""));
    }

    private static Asset Read(string name, string contentType)
    {
        using var stream = typeof(PageAssets).Assembly.GetManifestResourceStream($"pages/{name}")
            ?? throw new InvalidOperationException($"the page asset {name} is not compiled in");
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return new Asset(content, contentType, Convert.ToHexStringLower(SHA256.HashData(content))[..32]);
    }

    private sealed record Asset(byte[] Content, string ContentType, string Tag);
}
