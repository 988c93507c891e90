namespace Harmony.Api.Configuration.Keys;

/// <summary>Keys of the response cache.</summary>
internal static class CacheKeys
{
    public static readonly EnvKey<bool> Enabled = new("CACHE_ENABLED", EnvForms.Flag, true, "Keep answers of some paths for a while, in the memory of each process that answers the API.");

    public static readonly EnvKey<IReadOnlyList<CacheRule>> Paths = new(
        "CACHEABLE_PATHS", EnvForms.CacheRules, CacheRule.Defaults,
        "Which paths, in place of the default: only GET and HEAD, only JSON, per caller. API_BASE_PATH is put in front unless it is there. Commits evict what lies at /artists/{key}; other paths only age.");

    public static readonly EnvKey<int> DefaultTtl = new("CACHE_DEFAULT_TTL_S", EnvForms.WholeSeconds(0, CacheRule.Longest), 30, "Seconds an answer is fresh, where its rule does not say.");

    public static readonly EnvKey<int> Stale = new(
        "CACHE_STALE_WHILE_REVALIDATE_S", EnvForms.WholeSeconds(0, CacheRule.Longest), 60, "Seconds after that in which one caller asks anew while others still get the old answer, where its rule does not say.");

    public static readonly EnvKey<int> MaxItems = new("CACHE_MAX_ITEMS", EnvForms.Whole(1, 1_000_000), 5000, "Answers kept in a process, and never more than 64 MiB; the least recently used go first.");

    public static readonly EnvKey<string> TagStrategy = new("CACHE_STRATEGY_ETAG", EnvForms.OneOf("strong", "weak"), "strong", "The ETag of kept answers that bring none of their own.");

    public static readonly EnvKey<bool> FailOpen = new("CACHE_FAIL_OPEN", EnvForms.Flag, true, "A fault of the cache itself is logged and the answer made without it; false: the call fails with 500.");

    public static readonly EnvKey<bool> WriteThrough = new(
        "CACHE_WRITE_THROUGH", EnvForms.Flag, true, "Commits evict at once what they change, in every process; while they cannot be heard nothing kept is shown. false: answers only age.");

    public static readonly EnvKey<bool> ArtistInvalidate = new("ARTIST_CACHE_INVALIDATE", EnvForms.Flag, true, "With CACHE_WRITE_THROUGH, a changed artist or release evicts the artist's answers; false: they only age.");

    public static readonly EnvKey<bool> LogEvictions = new("CACHE_LOG_EVICTIONS", EnvForms.Flag, true, "Write a cache.evict line for what is let go (HARMONY_LOG_LEVEL=debug).");

    public static IReadOnlyList<EnvKey> All { get; } = [Enabled, Paths, DefaultTtl, Stale, MaxItems, TagStrategy, FailOpen, WriteThrough, ArtistInvalidate, LogEvictions];
}
