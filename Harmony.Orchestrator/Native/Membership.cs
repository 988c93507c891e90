using Harmony.Data;
using Harmony.Orchestrator.Schedules;
using Microsoft.Extensions.Logging;

namespace Harmony.Orchestrator.Native;

/// <summary>
/// A process in the fleet, whoever carries its jobs: the traffic of outcomes and tickets, and beside it a listener,
/// the renewal of leases, and the upkeep.
/// </summary>
internal sealed class Membership
{
    private readonly EngineCalls _calls;
    private readonly Leases _leases;
    private readonly Upkeep _upkeep;
    private readonly Listener _listener;
    private readonly Traffic _traffic;

    public Membership(
        string id, Catalogue catalogue, OrchestratorOptions options, Database database, Action<Running.Run> carry, ILogger log)
    {
        Id = id;
        var running = new Running();
        _calls = new EngineCalls(database.Source, id);
        _traffic = new Traffic(catalogue, options, _calls, running, carry, log);
        _leases = new Leases(_calls, running, options, log);
        _upkeep = new Upkeep(_calls, catalogue, options, new Scheduler(database, options.Schedules), id, log);
        _listener = new Listener(database.Source, _traffic.Called, _leases, log);
    }

    public string Id { get; }

    public static string NewId() => $"{Environment.MachineName.ToLowerInvariant()}:{Environment.ProcessId}:{Guid.CreateVersion7()}";

    public Task JoinAsync(CancellationToken ct) => _upkeep.JoinAsync(ct);

    public Task LeaveAsync() => _upkeep.LeaveAsync();

    public void End(Running.Run run, JobOutcome? outcome) => _traffic.End(run, outcome);

    public async Task RunAsync(CancellationToken stopping)
    {
        using var over = new CancellationTokenSource();
        Task[] beside = [_listener.RunAsync(over.Token), _leases.RunAsync(over.Token), _upkeep.RunAsync(stopping)];
        await _traffic.RunAsync(stopping);
        await over.CancelAsync();
        await Task.WhenAll(beside);
        await _calls.HangUpAsync();
        await LeaveAsync();
    }
}
