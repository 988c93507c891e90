using System.Collections.Concurrent;

namespace Harmony.Orchestrator;

/// <summary>The runs in flight of this process: they fill the lanes, need lease renewal and can be cancelled.</summary>
internal sealed class InFlightJobs
{
    private readonly ConcurrentDictionary<long, InFlightJob> _runs = new();

    public int Count => _runs.Count;

    /// <param name="asked">When its fetch was sent: its lease began after that.</param>
    public InFlightJob Add(JobTicket ticket, long asked, CancellationToken stopping)
    {
        var run = new InFlightJob(ticket, asked, stopping);
        _runs[ticket.Fence] = run;
        return run;
    }

    public void Remove(InFlightJob run)
    {
        if (_runs.TryRemove(run.Ticket.Fence, out _))
            run.Dispose();
    }

    public int InLane(string lane) => _runs.Values.Count(r => r.Ticket.Lane == lane);

    public IReadOnlyList<InFlightJob> All() => [.. _runs.Values];
}

/// <summary>One run of a job in this process, from its fetch until its outcome is written.</summary>
internal sealed class InFlightJob(JobTicket ticket, long asked, CancellationToken stopping) : IDisposable
{
    private readonly CancellationTokenSource _leaseLost = new();
    private long _heldSince = asked;

    public JobTicket Ticket { get; } = ticket;

    public RunTokens Tokens => new(stopping, _leaseLost.Token);

    public bool IsLeaseLost => _leaseLost.IsCancellationRequested;

    /// <summary>The job has ended; only its outcome is not written yet.</summary>
    public bool IsEnding { get; set; }

    /// <summary>A lease renewal sent at this time was answered.</summary>
    public void Renewed(long sentAt) => Volatile.Write(ref _heldSince, sentAt);

    /// <summary>True when the lease was not confirmed for this long.</summary>
    public bool IsOlderThan(TimeSpan age) => Environment.TickCount64 - Volatile.Read(ref _heldSince) > age.TotalMilliseconds;

    public void LoseLease()
    {
        if (IsLeaseLost)
            return;
        EngineMetrics.LeaseLost(Ticket.Kind);
        try
        {
            // Callbacks of the job's token must not delay the renewal of other leases.
            _ = _leaseLost.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // The run has just ended; there is nothing to cancel.
        }
    }

    public void Dispose() => _leaseLost.Dispose();
}
