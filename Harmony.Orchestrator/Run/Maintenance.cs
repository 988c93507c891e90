using Harmony.Data;
using Harmony.Orchestrator.Schedules;
using Microsoft.Extensions.Logging;

namespace Harmony.Orchestrator;

/// <summary>The background tasks of every process: due timers, expired leases, schedules, counters. Each task is safe to run twice.</summary>
internal sealed partial class Maintenance(
    EngineFunctions functions, OrchestratorOptions options, Scheduler scheduler, Continuations continuations, ILogger log)
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(500);

    public async Task RunAsync(CancellationToken stopping)
    {
        List<PeriodicTask> tasks =
        [
            new(Beat, cancellationToken => functions.ScalarAsync<object>("select harmony.release_due(1000)", cancellationToken)),
            new(TimeSpan.FromSeconds(Math.Max(1, options.LeaseSeconds / 5)), cancellationToken => functions.ScalarAsync<object>("select harmony.rescue(1000)", cancellationToken)),
            new(TimeSpan.FromSeconds(1), cancellationToken => functions.ScalarAsync<object>("select harmony.find_heads()", cancellationToken)),
            new(TimeSpan.FromSeconds(1), cancellationToken => functions.ScalarAsync<object>("select harmony.unpark(1000)", cancellationToken)),
            new(TimeSpan.FromSeconds(1), scheduler.FireAsync),
            new(TimeSpan.FromSeconds(1), continuations.StartReadyAsync),
            new(Beat, functions.OpenSessionsAsync),
            new(TimeSpan.FromMinutes(1), scheduler.SyncAsync),
            new(TimeSpan.FromMinutes(5), cancellationToken => functions.ScalarAsync<object>("select harmony.expire(1000)", cancellationToken)),
            new(TimeSpan.FromHours(12), cancellationToken => functions.ScalarAsync<object>("select harmony.ensure_partitions()", cancellationToken)),
        ];
        while (!stopping.IsCancellationRequested)
        {
            foreach (var task in tasks.Where(c => c.IsDue))
                await TryAsync(task, stopping);
            await Task.WhenAny(Task.Delay(Beat, stopping));
        }
    }

    private async Task TryAsync(PeriodicTask task, CancellationToken cancellationToken)
    {
        try
        {
            await task.Work(cancellationToken);
        }
        catch (Exception e) when (DatabaseErrors.EndsOneTry(e))
        {
            if (!cancellationToken.IsCancellationRequested)
                LogTrouble(e);
        }

        task.Done();
    }

    private sealed class PeriodicTask(TimeSpan every, Func<CancellationToken, Task> work)
    {
        private long _next;

        public Func<CancellationToken, Task> Work { get; } = work;

        public bool IsDue => Environment.TickCount64 >= _next;

        public void Done() => _next = Environment.TickCount64 + (long)every.TotalMilliseconds;
    }

    [LoggerMessage(EventName = "orchestrator.timer_tick", Level = LogLevel.Warning, Message = "Maintenance task failed")]
    private partial void LogTrouble(Exception e);
}
