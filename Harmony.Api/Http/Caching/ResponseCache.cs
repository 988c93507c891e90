namespace Harmony.Api.Http.Caching;

/// <summary>The cached answers of this process: a bounded number, the least recently used is evicted first. They live as long as the process.</summary>
internal sealed partial class ResponseCache(ResponseCacheOptions options, TimeProvider time, ILogger<ResponseCache> log)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<Slot>> _byKey = new(StringComparer.Ordinal);
    private readonly LinkedList<Slot> _newestFirst = [];
    private long _generation;
    private long _bytes;

    public ResponseCacheOptions Options => options;

    public int Count
    {
        get
        {
            lock (_gate)
                return _byKey.Count;
        }
    }

    /// <summary>Changes with every eviction. A caller notes it before an endpoint runs and compares it afterwards to see whether the answer may be cached.</summary>
    public long Generation => Interlocked.Read(ref _generation);

    /// <summary>The answer of the key. Of all callers that find it stale, one gets the turn to refresh it and ends the turn with <see cref="Asked"/>.</summary>
    public Found Find(string key)
    {
        lock (_gate)
        {
            if (!_byKey.TryGetValue(key, out var node))
                return new Found.Nothing();

            var answer = node.Value.Answer;
            var age = time.GetElapsedTime(answer.AskedAt);
            if (age >= answer.Times.Ttl + answer.Times.Stale)
            {
                Remove(node, Eviction.Age);
                return new Found.Nothing();
            }

            _newestFirst.Remove(node);
            _newestFirst.AddFirst(node);
            if (age < answer.Times.Ttl)
                return new Found.Fresh(answer, age);
            if (node.Value.IsAsked)
                return new Found.Stale(answer, age);
            node.Value.IsAsked = true;
            return new Found.Turn(answer);
        }
    }

    /// <summary>Caches an answer in place of an older one, unless there was an eviction since <paramref name="generation"/>: it may have been read before that.</summary>
    public bool Keep(CachedAnswer answer, long generation)
    {
        lock (_gate)
        {
            if (generation != _generation || answer.Times.Ttl + answer.Times.Stale <= TimeSpan.Zero)
                return false;

            if (_byKey.TryGetValue(answer.Key, out var old))
                Take(old);
            _byKey[answer.Key] = _newestFirst.AddFirst(new Slot(answer));
            _bytes += answer.Size;
            CacheMetrics.Kept(1);
            while (_byKey.Count > options.MaxItems || _bytes > ResponseCacheOptions.MostBytes)
                Remove(_newestFirst.Last!, Eviction.Room);
            return true;
        }
    }

    /// <summary>Ends the turn, with or without a new answer.</summary>
    public void Asked(string key)
    {
        lock (_gate)
        {
            if (_byKey.TryGetValue(key, out var node))
                node.Value.IsAsked = false;
        }
    }

    /// <summary>The endpoint now gives another status.</summary>
    public void Forget(string key)
    {
        lock (_gate)
        {
            if (_byKey.TryGetValue(key, out var node))
                Remove(node, Eviction.Gone);
        }
    }

    /// <summary>Evicts every answer about the artist in this process and returns their number; <c>EvictionNotices.AskAsync</c> notifies other processes.</summary>
    public int Evict(string artistKey) => EvictArtist(artistKey, Eviction.Asked);

    public int EvictArtist(string artistKey, string reason) => EvictPrefix($"{options.BasePath}/artists/{artistKey}", reason);

    /// <summary>The answers at the path and below it; the comparison ignores case, as routes do.</summary>
    public int EvictPrefix(string path, string reason = Eviction.Asked) =>
        Evict(a => a.Path.StartsWith(path, StringComparison.OrdinalIgnoreCase) && (a.Path.Length == path.Length || a.Path[path.Length] == '/'), path, reason);

    public int EvictAll(string reason) => Evict(_ => true, "*", reason);

    private int Evict(Predicate<CachedAnswer> which, string what, string reason)
    {
        int evicted;
        lock (_gate)
        {
            Interlocked.Increment(ref _generation);
            var nodes = _byKey.Values.Where(n => which(n.Value.Answer)).ToList();
            nodes.ForEach(Take);
            evicted = nodes.Count;
        }

        CacheMetrics.Evicted(reason, evicted);
        if (options.LogEvictions)
            LetGo(log, evicted, what, null, null, reason);
        return evicted;
    }

    private void Remove(LinkedListNode<Slot> node, string reason)
    {
        Take(node);
        CacheMetrics.Evicted(reason, 1);
        if (options.LogEvictions)
            LetGo(log, 1, node.Value.Answer.Template, node.Value.Answer.KeyHash, node.Value.Answer.Seconds, reason);
    }

    private void Take(LinkedListNode<Slot> node)
    {
        _byKey.Remove(node.Value.Answer.Key);
        _newestFirst.Remove(node);
        _bytes -= node.Value.Answer.Size;
        CacheMetrics.Kept(-1);
    }

    // For many answers their path, for one answer also its key.
    [LoggerMessage(EventName = "cache.evict", Level = LogLevel.Debug, Message = "Evicted {Evicted} of {PathTemplate}: {KeyHash}, ttl {Ttl} s ({Reason})")]
    private static partial void LetGo(ILogger logger, int evicted, string pathTemplate, string? keyHash, int? ttl, string reason);

    private sealed class Slot(CachedAnswer answer)
    {
        public CachedAnswer Answer { get; } = answer;

        /// <summary>A caller is refreshing the answer.</summary>
        public bool IsAsked { get; set; }
    }
}

/// <summary>The result of a cache lookup.</summary>
internal abstract record Found
{
    public sealed record Nothing : Found;

    public sealed record Fresh(CachedAnswer Answer, TimeSpan Age) : Found;

    /// <summary>Expired; another caller is refreshing it, and this answer is served meanwhile.</summary>
    public sealed record Stale(CachedAnswer Answer, TimeSpan Age) : Found;

    /// <summary>Expired; this caller has the turn to refresh it.</summary>
    public sealed record Turn(CachedAnswer Answer) : Found;
}
