namespace Harmony.Jobs.Providers.Health;

/// <summary>One call at a time, with its answer cached for a while: concurrent callers share it. A cancelled caller does not cancel others.</summary>
internal sealed class SharedAnswer<T>(Func<Task<T>> ask, TimeSpan keep, TimeProvider time)
{
    private readonly Lock _gate = new();
    private Task<T>? _answer;
    private long _askedAt;

    public Task<T> GetAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_answer is null || (_answer.IsCompleted && time.GetElapsedTime(_askedAt) >= keep))
            {
                _askedAt = time.GetTimestamp();
                _answer = Task.Run(ask, CancellationToken.None);
            }

            return _answer.WaitAsync(cancellationToken);
        }
    }
}
