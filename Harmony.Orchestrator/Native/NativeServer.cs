using System.Collections.Concurrent;
using Harmony.Data;
using Harmony.Orchestrator.Schedules;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Harmony.Orchestrator.Native;

/// <summary>
/// Our own worker on Hangfire's storage. One loop: outcomes out and tickets in, in one round trip and one transaction;
/// beside it a listener, the renewal of leases, and the upkeep.
/// </summary>
internal sealed partial class NativeServer : IJobServer
{
    private const int LargestBatch = 200;

    private readonly Catalogue _catalogue;
    private readonly OrchestratorOptions _options;
    private readonly JobRunner _runner;
    private readonly EngineCalls _calls;
    private readonly Leases _leases;
    private readonly Upkeep _upkeep;
    private readonly Listener _listener;
    private readonly Signal _signal = new();
    private readonly Running _running = new();
    private readonly ConcurrentQueue<(Running.Run Run, JobOutcome? Outcome)> _ended = new();
    private readonly ILogger<NativeServer> _log;
    private readonly string[] _kinds;
    private long _turn;

    public NativeServer(Catalogue catalogue, OrchestratorOptions options, JobRunner runner, Database database, ILogger<NativeServer> log)
    {
        _catalogue = catalogue;
        _options = options;
        _runner = runner;
        _log = log;
        _kinds = [.. catalogue.Kinds.Select(k => k.Kind)];
        Id = $"{Environment.MachineName.ToLowerInvariant()}:{Environment.ProcessId}:{Guid.CreateVersion7()}";
        _calls = new EngineCalls(database.Source, Id);
        _leases = new Leases(_calls, _running, options, log);
        _upkeep = new Upkeep(_calls, catalogue, options, new Scheduler(database, options.Schedules), Id, log);
        _listener = new Listener(database.Source, _signal, _leases, log);
    }

    public string Id { get; }

    public Task JoinAsync(CancellationToken ct) => _upkeep.JoinAsync(ct);

    public async Task RunAsync(CancellationToken stopping)
    {
        LogStarted(Id, _catalogue.Kinds.Count);

        using var over = new CancellationTokenSource();
        using var grace = new CancellationTokenSource();
        Task[] beside = [_listener.RunAsync(over.Token), _leases.RunAsync(over.Token), _upkeep.RunAsync(stopping)];
        await LoopAsync(stopping, grace.Token);
        await DrainAsync(grace);
        await over.CancelAsync();
        await Task.WhenAll(beside);
        await _upkeep.LeaveAsync();
        LogStopped(Id);
    }

    private async Task LoopAsync(CancellationToken stopping, CancellationToken grace)
    {
        var idle = TimeSpan.FromMilliseconds(_options.PollMs);
        var troubled = TimeSpan.Zero;
        while (!stopping.IsCancellationRequested)
        {
            _signal.Reset();
            try
            {
                var moved = await ExchangeAsync(fetch: true, grace, CancellationToken.None);
                troubled = TimeSpan.Zero;
                idle = moved ? TimeSpan.FromMilliseconds(_options.PollMs) : Longer(idle, _options.PollMaxMs);
                if (!moved || Full)
                    await _signal.WaitAsync(idle, stopping);
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or InvalidOperationException)
            {
                LogTrouble(e, Id);
                troubled = Longer(troubled, 5000);
                await Task.WhenAny(Task.Delay(troubled, stopping));
            }
        }
    }

    private bool Full => _ended.IsEmpty && _running.Count >= _options.GlobalConcurrency;

    private static TimeSpan Longer(TimeSpan before, int atMostMs) =>
        TimeSpan.FromMilliseconds(Math.Clamp(before.TotalMilliseconds * 2, 100, atMostMs));

    // True when something was written or fetched: then there may be more.
    private async Task<bool> ExchangeAsync(bool fetch, CancellationToken grace, CancellationToken ct)
    {
        List<(Running.Run Run, JobOutcome? Outcome)> taken = [];
        while (taken.Count < LargestBatch && _ended.TryDequeue(out var ended))
            taken.Add(ended);
        foreach (var (run, _) in taken.Where(t => t.Outcome is null))
            _running.Remove(run);
        var outcomes = taken.Where(t => t.Outcome is not null).Select(t => t.Outcome!).ToList();

        // A run whose outcome is on its way has left its lane: its successor may come with the same round trip.
        var (lanes, rooms, total) = fetch ? Room(taken) : ([], [], 0);
        if (outcomes.Count == 0 && total == 0)
            return false;

        EngineCalls.Exchange exchange;
        try
        {
            exchange = await _calls.ExchangeAsync(outcomes, _kinds, lanes, rooms, total, _turn++, ct);
        }
        catch
        {
            // Nothing was committed, or we cannot know: the fence decides when the outcome is offered again.
            foreach (var ended in taken.Where(t => t.Outcome is not null))
                _ended.Enqueue(ended);
            throw;
        }

        var settled = Settle(taken, exchange.Answers);
        foreach (var ticket in exchange.Tickets)
            Start(ticket, grace);
        return exchange.Tickets.Count > 0 || settled > 0;
    }

    private (string[] Lanes, int[] Rooms, int Total) Room(List<(Running.Run Run, JobOutcome? Outcome)> leaving)
    {
        var left = leaving.Where(t => t.Outcome is not null).ToLookup(t => t.Run.Ticket.Lane);
        var total = _options.GlobalConcurrency - _running.Count + left.Sum(l => l.Count());
        var open = _catalogue.Lanes
            .Select(l => (l.Name, Room: Math.Min(total, _options.WidthOf(l) - _running.InLane(l.Name) + left[l.Name].Count())))
            .Where(l => l.Room > 0)
            .ToList();

        // The first lane of the list is served first: it is another one each time, so that none starves behind a busy one.
        var first = open.Count == 0 ? 0 : (int)(_turn % open.Count);
        var order = open.Skip(first).Concat(open.Take(first)).ToList();
        return ([.. order.Select(l => l.Name)], [.. order.Select(l => l.Room)], order.Count == 0 ? 0 : total);
    }

    // What a click holds locked at this moment is offered again after a pause; the number is of those that are done with.
    private int Settle(List<(Running.Run Run, JobOutcome? Outcome)> taken, IReadOnlyList<(long JobId, string Answer)> answers)
    {
        var byJob = answers.ToDictionary(a => a.JobId, a => a.Answer);
        var locked = byJob.Values.Count(a => a == "locked");
        foreach (var ended in taken.Where(t => t.Outcome is not null))
        {
            switch (byJob.GetValueOrDefault(ended.Outcome!.JobId))
            {
                case "locked":
                    _ended.Enqueue(ended);
                    break;
                case "lost":
                    LogRefused(ended.Run.Ticket.Kind, ended.Outcome.JobId, ended.Outcome.Ending);
                    _running.Remove(ended.Run);
                    break;
                default:
                    _running.Remove(ended.Run);
                    break;
            }
        }

        return byJob.Count - locked;
    }

    private void Start(JobTicket ticket, CancellationToken grace)
    {
        var run = _running.Add(ticket, grace);
        run.Work = Task.Run(async () =>
        {
            JobOutcome? outcome = null;
            try
            {
                outcome = await _runner.RunAsync(ticket, run.Tokens);
            }
            catch (Exception e)
            {
                // Only our own code can throw here (the database is down while a gate closes): the lease brings the job back.
                LogBroken(e, ticket.Kind, ticket.JobId);
            }

            run.IsEnding = true;
            _ended.Enqueue((run, outcome));
            _signal.Set();
        });
    }

    // Running jobs get their grace; then their tokens are cancelled and they go back to the queue.
    private async Task DrainAsync(CancellationTokenSource grace)
    {
        grace.CancelAfter(TimeSpan.FromSeconds(_options.ShutdownGraceSeconds));
        using var last = new CancellationTokenSource(TimeSpan.FromSeconds(_options.ShutdownGraceSeconds + 2));
        while ((_running.Count > 0 || !_ended.IsEmpty) && !last.IsCancellationRequested)
        {
            _signal.Reset();
            try
            {
                if (!await ExchangeAsync(fetch: false, grace.Token, last.Token))
                    await _signal.WaitAsync(TimeSpan.FromMilliseconds(100), last.Token);
            }
            catch (Exception e) when (e is NpgsqlException or OperationCanceledException or TimeoutException)
            {
                LogTrouble(e, Id);
                await Task.WhenAny(Task.Delay(200, last.Token));
            }
        }
    }

    [LoggerMessage(11, LogLevel.Information, "worker.lifecycle started {Server}: native engine, {Kinds} kinds")]
    private partial void LogStarted(string server, int kinds);

    [LoggerMessage(12, LogLevel.Information, "worker.lifecycle stopped {Server}")]
    private partial void LogStopped(string server);

    [LoggerMessage(13, LogLevel.Warning, "worker.tick the database does not answer {Server}")]
    private partial void LogTrouble(Exception e, string server);

    [LoggerMessage(14, LogLevel.Warning, "orchestrator.commit refused {Kind} {JobId}: the run no longer held it ({Ending})")]
    private partial void LogRefused(string kind, long jobId, string ending);

    [LoggerMessage(15, LogLevel.Error, "worker.job could not be settled {Kind} {JobId}")]
    private partial void LogBroken(Exception e, string kind, long jobId);
}
