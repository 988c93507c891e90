namespace Harmony.Api.Access;

/// <summary>
/// Makes guessing slow: after a few wrong keys or passwords an address waits, twice as long each time. A credential that succeeded from
/// this address before is still accepted, so that an attacker does not lock out others at the same address.
/// </summary>
internal sealed class Lockout(TimeProvider time)
{
    public const int FreeTries = 5;
    public const int MostAddresses = 4096;
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    // Longer than the longest wait: a caller gets no free tries by waiting.
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(15);
    private readonly LruDictionary<string, Failures> _failures = new(MostAddresses);
    private readonly LruDictionary<(string Address, string Credential), bool> _familiar = new(MostAddresses);
    private readonly Lock _gate = new();

    public int Remembered
    {
        get
        {
            lock (_gate)
                return _failures.Count;
        }
    }

    /// <summary>How long this credential from this address must wait; null when it may be tried now.</summary>
    public TimeSpan? WaitFor(string address, params ReadOnlySpan<string> credentials)
    {
        lock (_gate)
        {
            if (!_failures.TryGet(address, out var failures))
                return null;
            foreach (var credential in credentials)
            {
                if (_familiar.TryGet((address, credential), out _))
                    return null;
            }

            var left = failures.Until - time.GetUtcNow();
            return left > TimeSpan.Zero ? left : null;
        }
    }

    public void Failed(string address)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            var count = _failures.TryGet(address, out var before) && now - before.Last < Memory ? before.Count + 1 : 1;
            _failures.Set(address, new(count, now, now + WaitAfter(count)));
        }
    }

    public void Succeeded(string address, string credential)
    {
        lock (_gate)
        {
            // Only the first time: else the owner of one right credential could use it to guess others without end.
            if (!_familiar.TryGet((address, credential), out _))
                _failures.Remove(address);
            _familiar.Set((address, credential), true);
        }
    }

    public static TimeSpan WaitAfter(int failures) => failures < FreeTries
        ? TimeSpan.Zero
        : TimeSpan.FromSeconds(Math.Min(Math.ScaleB(1, Math.Min(failures - FreeTries, 30)), Longest.TotalSeconds));

    private sealed record Failures(int Count, DateTimeOffset Last, DateTimeOffset Until);
}
