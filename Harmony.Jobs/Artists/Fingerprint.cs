using System.Security.Cryptography;
using System.Text;

namespace Harmony.Jobs.Artists;

/// <summary>Tells whether anything changed: a hash over parts, each with its length before it, so that no two lists read alike.</summary>
internal static class Fingerprint
{
    public static string Of(IEnumerable<string?> parts)
    {
        var text = new StringBuilder();
        foreach (var part in parts)
        {
            _ = part is null ? text.Append('-') : text.Append(part.Length).Append(':').Append(part);
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..32];
    }
}
