using System.Diagnostics.Metrics;

namespace Harmony.Api.Http.Caching;

/// <summary>The meter of the response cache.</summary>
internal static class CacheMetrics
{
    private static readonly Meter Meter = new("Harmony.Cache");
    private static readonly Counter<long> Hits = Meter.CreateCounter<long>("harmony_cache_hits", description: "Answers given from the response cache while fresh");
    private static readonly Counter<long> Stale = Meter.CreateCounter<long>("harmony_cache_stale", description: "Answers given from it after that, while another caller asked anew");
    private static readonly Counter<long> Misses = Meter.CreateCounter<long>("harmony_cache_misses", description: "Answers that had to be made");
    private static readonly Counter<long> Bypassed = Meter.CreateCounter<long>("harmony_cache_bypassed", description: "Answers made without the cache, because the eviction listener had no connection or the caller asked for it");
    private static readonly Counter<long> Evictions = Meter.CreateCounter<long>("harmony_cache_evictions", description: "Answers let go, by reason");
    private static readonly UpDownCounter<long> Entries = Meter.CreateUpDownCounter<long>("harmony_cache_entries", description: "Answers kept at this moment");

    /// <summary>A rate needs a zero value before the first event.</summary>
    public static void Declare()
    {
        foreach (var counter in new[] { Hits, Stale, Misses, Bypassed })
            counter.Add(0);
        Entries.Add(0);
        foreach (var reason in Eviction.All)
            Evicted(reason, 0);
    }

    public static void Hit() => Hits.Add(1);

    public static void ServedStale() => Stale.Add(1);

    public static void Missed() => Misses.Add(1);

    public static void Bypass() => Bypassed.Add(1);

    public static void Kept(int entries) => Entries.Add(entries);

    public static void Evicted(string reason, int entries) => Evictions.Add(entries, new KeyValuePair<string, object?>("reason", reason));
}

/// <summary>The reason why an answer was evicted.</summary>
internal static class Eviction
{
    /// <summary>A commit changed the data of the answer.</summary>
    public const string Commit = "commit";

    /// <summary>An operator requested it.</summary>
    public const string Asked = "asked";

    /// <summary>The eviction listener was disconnected for a while.</summary>
    public const string Disconnected = "disconnected";

    /// <summary>The cache was full.</summary>
    public const string Room = "room";

    /// <summary>Too old even to be served while a caller refreshes it.</summary>
    public const string Age = "age";

    /// <summary>The refresh gave another status than 200.</summary>
    public const string Gone = "gone";

    public static IReadOnlyList<string> All { get; } = [Commit, Asked, Disconnected, Room, Age, Gone];
}
