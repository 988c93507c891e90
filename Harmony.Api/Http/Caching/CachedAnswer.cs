using Microsoft.Extensions.Primitives;

namespace Harmony.Api.Http.Caching;

/// <summary>One whole answer, as it is given to everybody who asks the same in the same name.</summary>
/// <param name="Path">Where it was asked for: evictions go by it.</param>
/// <param name="Template">The route, for the log.</param>
/// <param name="Headers">What the endpoint said about its body, without what belongs to one call.</param>
/// <param name="AskedAt">When its endpoint began: the data is no older.</param>
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

    /// <summary>Enough to find the lines of one answer in a log.</summary>
    public string KeyHash => ShortOf(Key);

    public int Seconds => (int)Times.Ttl.TotalSeconds;

    // The figures of the entry itself are small beside a body, and counted so that empty ones do not come free.
    public long Size => Body.Length + 1024;

    public static string ShortOf(string key) => key[..12];
}
