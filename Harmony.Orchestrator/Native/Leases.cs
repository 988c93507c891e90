using Microsoft.Extensions.Logging;
using Npgsql;

namespace Harmony.Orchestrator.Native;

/// <summary>Renews the leases of running jobs, and cancels those that are lost.</summary>
internal sealed partial class Leases(EngineCalls calls, Running running, OrchestratorOptions options, ILogger log)
{
    private readonly Signal _now = new();

    /// <summary>Renew at once: somebody may have cancelled a job.</summary>
    public void Hurry() => _now.Set();

    public async Task RunAsync(CancellationToken ct)
    {
        var lease = TimeSpan.FromSeconds(options.LeaseSeconds);
        var lastAnswer = Environment.TickCount64;
        while (!ct.IsCancellationRequested)
        {
            _now.Reset();
            try
            {
                await RenewAsync(ct);
                lastAnswer = Environment.TickCount64;
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or OperationCanceledException or InvalidOperationException)
            {
                if (!ct.IsCancellationRequested)
                    LogTrouble(e);

                // Without an answer for most of a lease others may already run our jobs: they must stop here.
                if (Environment.TickCount64 - lastAnswer > lease.TotalMilliseconds * 0.9)
                {
                    foreach (var run in running.All())
                        run.Lose();
                }
            }

            await _now.WaitAsync(lease / 4, ct);
        }
    }

    private async Task RenewAsync(CancellationToken ct)
    {
        var runs = running.All().Where(r => !r.IsLost).ToList();
        if (runs.Count == 0)
            return;
        var held = await calls.RenewAsync(
            [.. runs.Select(r => r.Ticket.TicketId)], [.. runs.Select(r => r.Ticket.Fence)], ct);

        // A run that has ended gives its ticket up by itself; until that is written its lease goes on.
        foreach (var run in runs.Where(r => !held.Contains(r.Ticket.JobId) && !r.IsEnding))
            run.Lose();
    }

    [LoggerMessage(21, LogLevel.Warning, "orchestrator.heartbeat leases could not be renewed")]
    private partial void LogTrouble(Exception e);
}
