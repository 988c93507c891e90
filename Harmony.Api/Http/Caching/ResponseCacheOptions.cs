using System.Text.RegularExpressions;
using Harmony.Api.Configuration;
using Harmony.Api.Configuration.Keys;

namespace Harmony.Api.Http.Caching;

/// <summary>The rule of a path, with its times.</summary>
internal sealed record CacheTimes(TimeSpan Ttl, TimeSpan Stale);

/// <summary>Which answers are cached, how long, and what evicts them.</summary>
internal sealed class ResponseCacheOptions
{
    /// <summary>A longer body is passed on and not cached.</summary>
    public const int LargestBody = 1024 * 1024;

    /// <summary>The size of all cached bodies; the least recently used are evicted first.</summary>
    public const long MostBytes = 64L * 1024 * 1024;

    private readonly IReadOnlyList<(Regex Path, CacheTimes Times)> _rules;

    public ResponseCacheOptions(Settings settings)
    {
        BasePath = settings.Get(HostKeys.BasePath);
        IsOn = settings.Get(CacheKeys.Enabled) && settings.Get(HostKeys.Roles).Contains("api");
        MaxItems = settings.Get(CacheKeys.MaxItems);
        WeakTags = settings.Get(CacheKeys.TagStrategy) == "weak";
        FailOpen = settings.Get(CacheKeys.FailOpen);
        LogEvictions = settings.Get(CacheKeys.LogEvictions);
        EvictsOnCommit = settings.Get(CacheKeys.WriteThrough);
        EvictsArtists = EvictsOnCommit && settings.Get(CacheKeys.ArtistInvalidate);
        var (ttl, stale) = (settings.Get(CacheKeys.DefaultTtl), settings.Get(CacheKeys.Stale));
        _rules =
        [
            .. settings.Get(CacheKeys.Paths)
                .Select(r => (r.Below(BasePath), new CacheTimes(TimeSpan.FromSeconds(r.Ttl ?? ttl), TimeSpan.FromSeconds(r.Stale ?? stale)))),
        ];
    }

    /// <summary>Only a process that serves the API caches answers.</summary>
    public bool IsOn { get; }

    public string BasePath { get; }

    public int MaxItems { get; }

    public bool WeakTags { get; }

    public bool FailOpen { get; }

    public bool LogEvictions { get; }

    /// <summary>Commits evict answers; so the cache is not used while the eviction listener is disconnected.</summary>
    public bool EvictsOnCommit { get; }

    public bool EvictsArtists { get; }

    /// <summary>The first rule for this path, or null.</summary>
    public CacheTimes? For(PathString path)
    {
        foreach (var (expression, times) in _rules)
        {
            if (expression.IsMatch(path.Value ?? ""))
                return times;
        }

        return null;
    }
}
