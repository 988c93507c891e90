using Harmony.Api.Pages.Shell;

namespace Harmony.Api.Pages.Live;

/// <summary>
/// One page that somebody watches. It is read and rendered once a tick however many watch it,
/// and readers only ever see the latest state: a slow one skips ticks, none is queued for it.
/// </summary>
public sealed partial class LiveTopic(PageRenderer renderer, PageAddress address, Frame frame, TimeProvider clock, ILogger<LiveTopic> log)
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _running = Task.CompletedTask;

    public int Watchers { get; set; }

    public LiveState State { get; private set; } = LiveState.None;

    public void Start() => _running = RunAsync(_stop.Token);

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    /// <summary>Waits for a state newer than the one the reader has.</summary>
    public async Task<LiveState> NextAsync(long seen, CancellationToken ct)
    {
        while (true)
        {
            var changed = Volatile.Read(ref _changed).Task;
            if (State.Tick > seen)
            {
                return State;
            }

            await changed.WaitAsync(ct);
        }
    }

    private async Task RunAsync(CancellationToken ct)
    {
        while (true)
        {
            var began = clock.GetTimestamp();
            await RenderAsync(ct);

            // A page that is dear to read is read less often, so that watching never becomes the load.
            var cost = clock.GetElapsedTime(began) * 4;
            await Task.Delay(cost > Tick ? cost : Tick, clock, ct);
        }
    }

    private async Task RenderAsync(CancellationToken ct)
    {
        try
        {
            var html = await renderer.RenderAsync(address, frame with { Live = true }, ct);
            Publish(html is null ? State : State.With(Parts.In(html)));
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            if (!State.Trouble)
            {
                LogTrouble(failure, frame.Path);
            }

            Publish(State.InTrouble());
        }
    }

    private void Publish(LiveState next)
    {
        if (ReferenceEquals(next, State))
        {
            return;
        }

        State = next;
        Interlocked.Exchange(ref _changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "page.live trouble path={Path}")]
    private partial void LogTrouble(Exception failure, string path);
}
