using System.Collections.Concurrent;

namespace Harmony.Orchestrator.Native;

/// <summary>The runs in flight of this process: what fills the lanes, what must be renewed, what must be cancelled.</summary>
internal sealed class Running
{
    private readonly ConcurrentDictionary<long, Run> _runs = new();

    public int Count => _runs.Count;

    public Run Add(JobTicket ticket, CancellationToken stopping)
    {
        var run = new Run(ticket, stopping);
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

    internal sealed class Run(JobTicket ticket, CancellationToken stopping) : IDisposable
    {
        private readonly CancellationTokenSource _lost = new();

        public JobTicket Ticket { get; } = ticket;

        public RunTokens Tokens => new(stopping, _lost.Token);

        public bool IsLost => _lost.IsCancellationRequested;

        /// <summary>Done with its work; what is left is to write the outcome.</summary>
        public bool IsEnding { get; set; }

        public void Lose()
        {
            if (IsLost)
                return;
            EngineMetrics.LeaseLost(Ticket.Kind);
            _lost.Cancel();
        }

        public void Dispose() => _lost.Dispose();
    }
}
