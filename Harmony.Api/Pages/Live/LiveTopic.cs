using Harmony.Api.Pages.Shell;

namespace Harmony.Api.Pages.Live;

/// <summary>
/// One watched page. It is read and rendered once a tick for all its watchers,
/// and readers only get the latest state: a slow reader skips ticks, none is queued for it.
/// </summary>
internal sealed partial class LiveTopic(PageRenderer renderer, PageAddress address, Frame frame, TimeProvider clock, ILogger<LiveTopic> log)
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _rendered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _wanted = new(0, 1);
    private long _begun;
    private long _ended;
    private Task _running = Task.CompletedTask;

    public int Watchers { get; set; }

    public LiveState State { get; private set; } = LiveState.None;

    public void Start() => _running = RunAsync(_stop.Token);

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        _wanted.Dispose();
    }

    /// <summary>Waits for a state newer than the reader's.</summary>
    public async Task<LiveState> NextAsync(long seen, CancellationToken cancellationToken)
    {
        while (true)
        {
            var changed = Volatile.Read(ref _changed).Task;
            if (State.Tick > seen)
                return State;

            await changed.WaitAsync(cancellationToken);
        }
    }

    /// <summary>The current page. A reader that connects just after a change must not get the state before it.</summary>
    public async Task<LiveState> FreshAsync(CancellationToken cancellationToken)
    {
        var next = Volatile.Read(ref _begun) + 1;
        while (true)
        {
            var rendered = Volatile.Read(ref _rendered).Task;
            if (Volatile.Read(ref _ended) >= next)
                return State;

            RequestRender();
            await rendered.WaitAsync(cancellationToken);
        }
    }

    private void RequestRender()
    {
        try
        {
            _wanted.Release();
        }
        catch (SemaphoreFullException)
        {
            // A render is requested already.
        }
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var began = clock.GetTimestamp();
            Interlocked.Increment(ref _begun);
            await RenderAsync(cancellationToken);
            Interlocked.Increment(ref _ended);
            Interlocked.Exchange(ref _rendered, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();

            // A page that is expensive to read is read less often, so that watching never becomes the main load.
            var cost = clock.GetElapsedTime(began) * 4;
            await _wanted.WaitAsync(cost > Tick ? cost : Tick, cancellationToken);
        }
    }

    private async Task RenderAsync(CancellationToken cancellationToken)
    {
        try
        {
            var html = await renderer.RenderAsync(address, frame with { Live = true }, cancellationToken);
            Publish(html is null ? State : State.With(Parts.In(html)));
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            if (!State.Trouble)
                LogTrouble(failure, frame.Path);

            Publish(State.InTrouble());
        }
    }

    private void Publish(LiveState next)
    {
        if (ReferenceEquals(next, State))
            return;

        State = next;
        Interlocked.Exchange(ref _changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }

    [LoggerMessage(EventName = "page.live", Level = LogLevel.Warning, Message = "Live update of {Path} failed")]
    private partial void LogTrouble(Exception failure, string path);
}
