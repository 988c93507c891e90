using System.Text.Json;
using Harmony.Orchestrator.Schedules;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Harmony.Orchestrator.Native;

/// <summary>The chores every server shares: due timers, expired leases, schedules, heartbeat, expiry. All safe to do twice.</summary>
internal sealed partial class Upkeep(
    EngineCalls calls, Catalogue catalogue, OrchestratorOptions options, Scheduler scheduler, string serverId, ILogger log)
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(500);

    /// <summary>A database that is away for a moment is waited for, as it is while jobs run.</summary>
    public async Task JoinAsync(CancellationToken ct)
    {
        while (true)
        {
            try
            {
                await calls.ScalarAsync<object>(
                    "select harmony.sync_kinds($1, $2)", ct, new JsonText(KindCopy.KindsOf(catalogue, options)), new JsonText(KindCopy.RatesOf(catalogue)));
                await scheduler.SyncAsync(ct);
                await calls.ScalarAsync<object>(
                    "select harmony.join_fleet($1, $2, $3)", ct, serverId, options.LeaseSeconds, new JsonText(ServerJson(TimeProvider.System)));
                return;
            }
            catch (Exception e) when (IsPassing(e) && !ct.IsCancellationRequested)
            {
                LogLate(e);
                await Task.Delay(TimeSpan.FromSeconds(1), ct);
            }
        }
    }

    // 08 connection, 53 resources, 57 shutting down or starting up.
    private static bool IsPassing(Exception e) => e switch
    {
        PostgresException postgres => postgres.SqlState.StartsWith("08", StringComparison.Ordinal)
            || postgres.SqlState.StartsWith("53", StringComparison.Ordinal)
            || postgres.SqlState.StartsWith("57", StringComparison.Ordinal),
        NpgsqlException npgsql => npgsql.IsTransient,
        _ => e is TimeoutException,
    };

    /// <summary>A courtesy: a stop does not wait for a database that is away, and who just vanishes is forgotten after a while.</summary>
    public async Task LeaveAsync()
    {
        using var limit = new CancellationTokenSource(Beat);
        try
        {
            await calls.ScalarAsync<object>("select harmony.leave_fleet($1)", limit.Token, serverId);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or OperationCanceledException)
        {
            LogTrouble(e);
        }
    }

    public async Task RunAsync(CancellationToken stopping)
    {
        var server = ServerJson(TimeProvider.System);
        List<Chore> chores =
        [
            new(Beat, ct => calls.ScalarAsync<object>("select harmony.release_due(1000)", ct)),
            new(TimeSpan.FromSeconds(Math.Max(1, options.LeaseSeconds / 5)), ct => calls.ScalarAsync<object>("select harmony.rescue(1000)", ct)),
            new(TimeSpan.FromSeconds(1), ct => calls.ScalarAsync<object>("select harmony.find_heads()", ct)),
            new(TimeSpan.FromSeconds(1), ct => calls.ScalarAsync<object>("select harmony.unpark(1000)", ct)),
            new(TimeSpan.FromSeconds(1), scheduler.FireAsync),
            new(Beat, calls.OpenLinesAsync),
            new(TimeSpan.FromMinutes(1), scheduler.SyncAsync),
            new(TimeSpan.FromSeconds(10), ct => calls.ScalarAsync<object>("select harmony.heartbeat($1, $2)", ct, serverId, new JsonText(server))),
            new(TimeSpan.FromMinutes(5), ct => calls.ScalarAsync<object>("select harmony.expire(1000)", ct)),
            new(TimeSpan.FromHours(12), ct => calls.ScalarAsync<object>("select harmony.ensure_partitions()", ct)),
        ];
        while (!stopping.IsCancellationRequested)
        {
            foreach (var chore in chores.Where(c => c.IsDue))
                await TryAsync(chore, stopping);
            await Task.WhenAny(Task.Delay(Beat, stopping));
        }
    }

    private async Task TryAsync(Chore chore, CancellationToken ct)
    {
        try
        {
            await chore.Work(ct);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or OperationCanceledException or InvalidOperationException)
        {
            if (!ct.IsCancellationRequested)
                LogTrouble(e);
        }

        chore.Done();
    }

    // Hangfire's own spelling: its dashboard reads this object.
    private string ServerJson(TimeProvider clock) => JsonSerializer.Serialize(new
    {
        Queues = catalogue.Lanes.Select(l => l.Name).ToArray(),
        StartedAt = clock.GetUtcNow().UtcDateTime,
        WorkerCount = options.GlobalConcurrency,
    });

    private sealed class Chore(TimeSpan every, Func<CancellationToken, Task> work)
    {
        private long _next;

        public Func<CancellationToken, Task> Work { get; } = work;

        public bool IsDue => Environment.TickCount64 >= _next;

        public void Done() => _next = Environment.TickCount64 + (long)every.TotalMilliseconds;
    }

    [LoggerMessage(42, LogLevel.Warning, "worker.lifecycle cannot join yet, the database does not answer")]
    private partial void LogLate(Exception e);

    [LoggerMessage(41, LogLevel.Warning, "orchestrator.timer_tick a chore failed")]
    private partial void LogTrouble(Exception e);
}
