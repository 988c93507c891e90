namespace Harmony.Orchestrator;

/// <summary>Wakes one waiter. A call made while nobody waits is kept, and an abandoned wait swallows none.</summary>
internal sealed class AsyncSignal
{
    private volatile TaskCompletionSource _called = New();

    public void Set() => _called.TrySetResult();

    /// <summary>Forgets earlier calls, and says whether there were any; look at the state afterwards, then wait.</summary>
    public bool Reset()
    {
        if (!_called.Task.IsCompleted)
            return false;
        _called = New();
        return true;
    }

    /// <summary>Until a call, or one of the <paramref name="others"/> is over; false when the time was up first.</summary>
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
