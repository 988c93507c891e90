using Harmony.Data;
using Harmony.Data.Notices;
using Harmony.Orchestrator.Schedules;
using Microsoft.Extensions.Logging;

namespace Harmony.Orchestrator;

/// <summary>One working process of the fleet: the dispatcher of tickets and outcomes, the listener, lease renewal and maintenance.</summary>
internal sealed class WorkerNode
{
    private readonly EngineFunctions _functions;
    private readonly LeaseRenewer _leases;
    private readonly Maintenance _maintenance;
    private readonly NoticeListener _notices;
    private readonly Listener _listener;
    private readonly Dispatcher _dispatcher;

    public WorkerNode(
        string serverId, Catalogue catalogue, OrchestratorOptions options, Database database, Continuations continuations, Action<InFlightJob> start, ILogger log)
    {
        var running = new InFlightJobs();
        _functions = new EngineFunctions(database.Source, serverId);
        _dispatcher = new Dispatcher(catalogue, options, _functions, running, start, log);
        _leases = new LeaseRenewer(_functions, running, options, log);
        _maintenance = new Maintenance(_functions, options, new Scheduler(database, options.Schedules), continuations, log);
        _notices = new NoticeListener(database.Source.CreateConnection, Listener.Channels, Listener.Quiet, TimeProvider.System);
        _listener = new Listener(_dispatcher.Called, _leases, log);
    }

    public void End(InFlightJob run, JobOutcome? outcome) => _dispatcher.End(run, outcome);

    public async Task RunAsync(CancellationToken stopping)
    {
        using var drained = new CancellationTokenSource();
        Task[] beside = [_notices.RunAsync(_listener, drained.Token), _leases.RunAsync(drained.Token), _maintenance.RunAsync(stopping)];
        await _dispatcher.RunAsync(stopping);
        await drained.CancelAsync();
        await Task.WhenAll(beside);
        await _functions.CloseSessionsAsync();
    }
}
