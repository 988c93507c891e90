using Harmony.Data;
using Microsoft.Extensions.Logging;

namespace Harmony.Orchestrator;

/// <summary>Renews the leases of running jobs, and cancels runs whose lease is lost.</summary>
internal sealed partial class LeaseRenewer(EngineFunctions functions, InFlightJobs running, OrchestratorOptions options, ILogger log)
{
    private readonly AsyncSignal _now = new();
    private readonly TimeSpan _lease = TimeSpan.FromSeconds(options.LeaseSeconds);

    /// <summary>Renews at once: a job may have been cancelled.</summary>
    public void RenewNow() => _now.Set();

    public Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(RenewAllAsync(cancellationToken), WatchAsync(cancellationToken));

    private async Task RenewAllAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            _now.Reset();
            try
            {
                await RenewAsync(cancellationToken);
            }
            catch (Exception e) when (DatabaseErrors.EndsOneTry(e))
            {
                if (!cancellationToken.IsCancellationRequested)
                    LogTrouble(e);
            }

            await _now.WaitAsync(_lease / 4, cancellationToken);
        }
    }

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        // In the order in which an exchange locks the jobs, so that the two cannot deadlock.
        var runs = running.All().Where(r => !r.IsLeaseLost).OrderBy(r => r.Ticket.TicketId).ToList();
        if (runs.Count == 0)
            return;
        var asked = Environment.TickCount64;
        var held = await functions.RenewAsync(
            [.. runs.Select(r => r.Ticket.TicketId)], [.. runs.Select(r => r.Ticket.Fence)], (int)_lease.TotalSeconds, cancellationToken);

        // A run that has ended releases its ticket with its outcome; its lease is renewed until the outcome is written.
        foreach (var run in runs)
        {
            if (held.Contains(run.Ticket.JobId))
                run.Renewed(asked);
            else if (!run.IsEnding)
                run.LoseLease();
        }
    }

    // Without an answer for most of a lease, another process may already run our jobs: they must stop here. A silent connection
    // answers much later, so this loop does not wait for it.
    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            foreach (var run in running.All().Where(r => !r.IsEnding && r.IsOlderThan(_lease * 0.9)))
                run.LoseLease();
            await Task.WhenAny(Task.Delay(_lease / 20, cancellationToken));
        }
    }

    [LoggerMessage(EventName = "orchestrator.heartbeat", Level = LogLevel.Warning, Message = "Lease renewal failed")]
    private partial void LogTrouble(Exception e);
}
