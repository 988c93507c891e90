using System.Collections.Concurrent;

namespace Harmony.Sandbox.Faults;

/// <summary>Requests per "METHOD /route/{template}" since the last reset; kept in memory only.</summary>
internal sealed class RequestCounters(TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, long> _requests = new(StringComparer.Ordinal);

    public DateTimeOffset Since { get; private set; } = clock.GetUtcNow();

    public void Count(HttpContext context)
    {
        var template = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "(no route)";
        _requests.AddOrUpdate($"{context.Request.Method} {template}", 1, (_, count) => count + 1);
    }

    public IReadOnlyDictionary<string, long> Requests => new SortedDictionary<string, long>(_requests, StringComparer.Ordinal);

    public void Reset()
    {
        _requests.Clear();
        Since = clock.GetUtcNow();
    }
}
