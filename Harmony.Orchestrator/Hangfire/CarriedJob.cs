using Hangfire.Storage;
using Harmony.Orchestrator.Native;

namespace Harmony.Orchestrator.Genuine;

/// <summary>A fetched job in the hands of a genuine worker; whatever becomes of it, its run is ended exactly once.</summary>
internal sealed class CarriedJob(Running.Run run, Action<Running.Run, JobOutcome?> end) : IFetchedJob
{
    private static readonly AsyncLocal<CarriedJob?> CurrentJob = new();

    private JobOutcome? _outcome;
    private int _ended;

    /// <summary>The job of this worker's thread: Hangfire hands it to nobody but the worker.</summary>
    public static CarriedJob? Current
    {
        get => CurrentJob.Value;
        set => CurrentJob.Value = value;
    }

    public Running.Run Run => run;

    public string JobId { get; } = run.Ticket.JobId.ToString(System.Globalization.CultureInfo.InvariantCulture);

    public void Ends(JobOutcome? outcome) => _outcome = outcome;

    // The ticket is given up in the transaction that writes the outcome.
    public void RemoveFromQueue()
    {
    }

    public void Requeue() => _outcome ??= new JobOutcome
    {
        TicketId = run.Ticket.TicketId,
        JobId = run.Ticket.JobId,
        Fence = run.Ticket.Fence,
        Ending = "returned",
        Reason = "the worker stopped",
    };

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0)
            end(run, _outcome);
    }
}
