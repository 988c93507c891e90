using Microsoft.Extensions.Primitives;

namespace Harmony.Api.Http.Caching;

/// <summary>One whole answer, the same for every request with the same query and caller.</summary>
/// <param name="Path">The requested path: evictions use it.</param>
/// <param name="Template">The route, for the log.</param>
/// <param name="Headers">The headers of the endpoint about its body, without those of one call.</param>
/// <param name="AskedAt">The start of its endpoint: the data is no older.</param>
internal sealed record CachedAnswer(
    string Key,
    string Path,
    string Template,
    CacheTimes Times,
    string Tag,
    IReadOnlyList<KeyValuePair<string, StringValues>> Headers,
    ReadOnlyMemory<byte> Body,
    long AskedAt)
{
    public const string Vary = "Authorization, X-API-Key, Cookie, Origin, Accept-Encoding";

    /// <summary>Enough to find the log lines of one answer.</summary>
    public string KeyHash => ShortOf(Key);

    public int Seconds => (int)Times.Ttl.TotalSeconds;

    // The fields of the entry are small beside a body, and counted so that empty bodies have a size, too.
    public long Size => Body.Length + 1024;

    public static string ShortOf(string key) => key[..12];
}
