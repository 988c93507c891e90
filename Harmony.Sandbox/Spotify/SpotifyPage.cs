using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;

namespace Harmony.Sandbox.Spotify;

/// <summary>The window a list request asks for, and the paging object around its answer.</summary>
internal sealed record SpotifyPage(int Limit, int Offset, string Url)
{
    /// <summary>Null when limit or offset is outside what the route allows.</summary>
    public static SpotifyPage? Read(HttpRequest request, int most, int otherwise)
    {
        var limit = Number(request, "limit", otherwise);
        var offset = Number(request, "offset", 0);
        return limit < 1 || limit > most || offset < 0
            ? null
            : new SpotifyPage(limit, offset, $"{request.Scheme}://{request.Host}{request.Path}{request.QueryString}");
    }

    public JsonObject Around<T>(IReadOnlyList<T> all, Func<T, JsonNode?> describe) => new()
    {
        ["href"] = At(Offset),
        ["items"] = SandboxJson.Array(all.Skip(Offset).Take(Limit).Select(describe)),
        ["limit"] = Limit,
        ["next"] = Offset + Limit < all.Count ? At(Offset + Limit) : null,
        ["offset"] = Offset,
        ["previous"] = Offset > 0 ? At(Math.Max(0, Offset - Limit)) : null,
        ["total"] = all.Count,
    };

    private string At(int offset)
    {
        var cut = Url.IndexOf('?', StringComparison.Ordinal);
        var query = QueryHelpers.ParseQuery(cut < 0 ? "" : Url[cut..]);
        query["offset"] = offset.ToString(CultureInfo.InvariantCulture);
        query["limit"] = Limit.ToString(CultureInfo.InvariantCulture);
        return QueryHelpers.AddQueryString(cut < 0 ? Url : Url[..cut], query);
    }

    private static int Number(HttpRequest request, string name, int otherwise)
    {
        var text = request.Query[name].ToString();
        return text.Length == 0 ? otherwise : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
    }
}
