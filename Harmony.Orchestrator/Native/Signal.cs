namespace Harmony.Orchestrator.Native;

/// <summary>Wakes one waiter. A call made while nobody waits is kept, and an abandoned wait swallows none.</summary>
internal sealed class Signal
{
    private volatile TaskCompletionSource _called = New();

    public void Set() => _called.TrySetResult();

    /// <summary>Forgets earlier calls; look at the state afterwards, then wait.</summary>
    public void Reset()
    {
        if (_called.Task.IsCompleted)
            _called = New();
    }

    public async Task WaitAsync(TimeSpan longest, CancellationToken ct)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
        await Task.WhenAny(_called.Task, Task.Delay(longest, over.Token));
        await over.CancelAsync();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
