using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;

namespace Harmony.Api.Http.Caching;

/// <summary>The cache key of an answer: the path, the sorted query, the caller and its roles. A digest, without any secret.</summary>
internal static class AnswerKey
{
    public static string Of(HttpContext context)
    {
        var text = new StringBuilder(Escaped(context.Request.PathBase + context.Request.Path));
        foreach (var (name, values) in context.Request.Query.OrderBy(q => q.Key.ToLowerInvariant(), StringComparer.Ordinal))
        {
            foreach (var value in values)
                text.Append('&').Append(Escaped(name.ToLowerInvariant())).Append('=').Append(Escaped(value));
        }

        text.Append('\n').Append(Escaped(context.User.FindFirstValue(ClaimTypes.NameIdentifier)));
        foreach (var role in context.User.FindAll(ClaimTypes.Role).Select(c => c.Value).Order(StringComparer.Ordinal))
            text.Append('\n').Append(Escaped(role));
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private static string Escaped(string? part) => Uri.EscapeDataString(part ?? "");
}
