namespace Harmony.Api.Http.Caching;

/// <summary>The answers this process keeps: a bounded number, the least recently used goes first. Everything is forgotten with the process.</summary>
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

    /// <summary>Moves with every eviction. Noted before an endpoint runs, it tells whether the answer may still be kept when it is done.</summary>
    public long Generation => Interlocked.Read(ref _generation);

    /// <summary>What is kept under the key. Of those who find it stale, one is told to ask anew; it gives the turn back with <see cref="Asked"/>.</summary>
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

    /// <summary>Keeps an answer in place of an older one, unless something was evicted since <paramref name="generation"/>: it may have been read before that.</summary>
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

    /// <summary>The turn is over, whatever came of it.</summary>
    public void Asked(string key)
    {
        lock (_gate)
        {
            if (_byKey.TryGetValue(key, out var node))
                node.Value.IsAsked = false;
        }
    }

    /// <summary>There is another kind of answer now.</summary>
    public void Forget(string key)
    {
        lock (_gate)
        {
            if (_byKey.TryGetValue(key, out var node))
                Remove(node, Eviction.Gone);
        }
    }

    /// <summary>Forgets every answer about the artist in this process, and says how many there were; other processes are told by <c>EvictionNotices.AskAsync</c>.</summary>
    public int Evict(string artistKey) => EvictArtist(artistKey, Eviction.Asked);

    public int EvictArtist(string artistKey, string reason) => EvictPrefix($"{options.BasePath}/artists/{artistKey}", reason);

    /// <summary>What lies at the path and below it; routes do not tell capitals apart, and neither does this.</summary>
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

    // Of many at once the path they lie at, of one its key too.
    [LoggerMessage(EventName = "cache.evict", Level = LogLevel.Debug, Message = "Let {Evicted} of {PathTemplate} go: {KeyHash}, ttl {Ttl} s ({Reason})")]
    private static partial void LetGo(ILogger logger, int evicted, string pathTemplate, string? keyHash, int? ttl, string reason);

    private sealed class Slot(CachedAnswer answer)
    {
        public CachedAnswer Answer { get; } = answer;

        /// <summary>Somebody is asking anew.</summary>
        public bool IsAsked { get; set; }
    }
}

/// <summary>What a look into the cache finds.</summary>
internal abstract record Found
{
    public sealed record Nothing : Found;

    public sealed record Fresh(CachedAnswer Answer, TimeSpan Age) : Found;

    /// <summary>Past its time; somebody else is asking anew, and this will do meanwhile.</summary>
    public sealed record Stale(CachedAnswer Answer, TimeSpan Age) : Found;

    /// <summary>Past its time, and it is the finder's turn to ask.</summary>
    public sealed record Turn(CachedAnswer Answer) : Found;
}
