using System.Collections.Concurrent;
using System.Data;
using Hangfire.PostgreSql;
using Hangfire.Storage;
using Harmony.Orchestrator.Native;

namespace Harmony.Orchestrator.Genuine;

/// <summary>
/// The queue of genuine Hangfire's workers in this process: they do not ask the database but wait here for what the
/// traffic fetched. Everything else about queues stays with the stock provider.
/// </summary>
internal sealed class HandOver(IPersistentJobQueueProvider stock, Action<Running.Run, JobOutcome?> end) : IPersistentJobQueueProvider, IPersistentJobQueue
{
    private readonly BlockingCollection<Running.Run> _fetched = [];

    public void Give(Running.Run run) => _fetched.Add(run);

    public IFetchedJob Dequeue(string[] queues, CancellationToken cancellationToken) =>
        CarriedJob.Current = new CarriedJob(_fetched.Take(cancellationToken), end);

    public void Enqueue(IDbConnection connection, string queue, string jobId) => stock.GetJobQueue().Enqueue(connection, queue, jobId);

    public IPersistentJobQueue GetJobQueue() => this;

    public IPersistentJobQueueMonitoringApi GetJobQueueMonitoringApi() => stock.GetJobQueueMonitoringApi();
}
