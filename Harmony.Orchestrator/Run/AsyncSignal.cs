namespace Harmony.Orchestrator;

/// <summary>Wakes one waiter. A call without a waiter is kept; an abandoned wait consumes no call.</summary>
internal sealed class AsyncSignal
{
    private volatile TaskCompletionSource _called = New();

    public void Set() => _called.TrySetResult();

    /// <summary>Clears earlier calls and returns whether there were any; read the state afterwards, then wait.</summary>
    public bool Reset()
    {
        if (!_called.Task.IsCompleted)
            return false;
        _called = New();
        return true;
    }

    /// <summary>Waits for a call or for the end of one of the <paramref name="others"/>; false on timeout.</summary>
    public async Task<bool> WaitAsync(TimeSpan longest, CancellationToken cancellationToken, params IEnumerable<Task> others)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var time = Task.Delay(longest, over.Token);
        var first = await Task.WhenAny([_called.Task, .. others, time]);
        await over.CancelAsync();
        return first != time;
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
