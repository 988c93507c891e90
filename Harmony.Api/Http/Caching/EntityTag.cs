using System.Security.Cryptography;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Harmony.Api.Http.Caching;

/// <summary>The entity tag of a body, and whether a caller already has it.</summary>
internal static class EntityTag
{
    public static string Of(ReadOnlySpan<byte> body, bool weak)
    {
        var strong = $"\"{Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 16))}\"";
        return weak ? Weak(strong) : strong;
    }

    /// <summary>A compressed body has the same meaning but other bytes.</summary>
    public static string Weak(string tag) => tag.StartsWith("W/", StringComparison.Ordinal) ? tag : $"W/{tag}";

    /// <summary>The comparison of If-None-Match: any tag of the list, weak or not, or a star for any body.</summary>
    public static bool IsKnown(StringValues ifNoneMatch, string tag) =>
        EntityTagHeaderValue.TryParse(tag, out var ours)
        && EntityTagHeaderValue.TryParseList(ifNoneMatch.ToArray()!, out var theirs)
        && theirs.Any(t => t.Equals(EntityTagHeaderValue.Any) || t.Compare(ours, useStrongComparison: false));
}
