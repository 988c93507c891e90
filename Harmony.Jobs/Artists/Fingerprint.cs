using System.Security.Cryptography;
using System.Text;

namespace Harmony.Jobs.Artists;

/// <summary>Detects changes: a hash over parts, each preceded by its length, so that different lists have different hashes.</summary>
internal static class Fingerprint
{
    public static string Of(IEnumerable<string?> parts)
    {
        var text = new StringBuilder();
        foreach (var part in parts)
            _ = part is null ? text.Append('-') : text.Append(part.Length).Append(':').Append(part);

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..32];
    }
}
