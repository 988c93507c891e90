using System.Collections.Concurrent;

namespace Harmony.Orchestrator.Native;

/// <summary>The runs in flight of this process: what fills the lanes, what must be renewed, what must be cancelled.</summary>
internal sealed class Running
{
    private readonly ConcurrentDictionary<long, Run> _runs = new();

    public int Count => _runs.Count;

    /// <param name="asked">When its fetch was sent: its lease began after that.</param>
    public Run Add(JobTicket ticket, long asked, CancellationToken stopping)
    {
        var run = new Run(ticket, asked, stopping);
        _runs[ticket.Fence] = run;
        return run;
    }

    public void Remove(Run run)
    {
        if (_runs.TryRemove(run.Ticket.Fence, out _))
            run.Dispose();
    }

    public int InLane(string lane) => _runs.Values.Count(r => r.Ticket.Lane == lane);

    public IReadOnlyList<Run> All() => [.. _runs.Values];

    internal sealed class Run(JobTicket ticket, long asked, CancellationToken stopping) : IDisposable
    {
        private readonly CancellationTokenSource _lost = new();
        private long _heldSince = asked;

        public JobTicket Ticket { get; } = ticket;

        public RunTokens Tokens => new(stopping, _lost.Token);

        public bool IsLost => _lost.IsCancellationRequested;

        /// <summary>Done with its work; what is left is to write the outcome.</summary>
        public bool IsEnding { get; set; }

        /// <summary>A renewal that was sent at this moment was answered.</summary>
        public void Renewed(long asked) => Volatile.Write(ref _heldSince, asked);

        /// <summary>Nobody has confirmed the lease for so long.</summary>
        public bool IsOlderThan(TimeSpan age) => Environment.TickCount64 - Volatile.Read(ref _heldSince) > age.TotalMilliseconds;

        public void Lose()
        {
            if (IsLost)
                return;
            EngineMetrics.LeaseLost(Ticket.Kind);
            try
            {
                // What a job does when it hears of it must not hold up the watch over the others.
                _ = _lost.CancelAsync();
            }
            catch (ObjectDisposedException)
            {
                // It has ended at this very moment.
            }
        }

        public void Dispose() => _lost.Dispose();
    }
}
