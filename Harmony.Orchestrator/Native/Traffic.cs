using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Harmony.Orchestrator.Native;

/// <summary>
/// One loop: outcomes out and tickets in, in one round trip and one transaction. It knows how much room each lane has;
/// who runs a fetched job is said by <paramref name="carry"/>, and that one says <see cref="End"/>.
/// </summary>
internal sealed partial class Traffic(
    Catalogue catalogue, OrchestratorOptions options, EngineCalls calls, Running running, Action<Running.Run> carry, ILogger log)
{
    private const int LargestBatch = 200;

    // For writing the last outcomes after the grace.
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);

    // How long the loop stands still for outcomes of runs that have just begun, so that they share a round trip.
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    private readonly ConcurrentQueue<(Running.Run Run, JobOutcome? Outcome)> _ended = new();
    private readonly Signal _allEnded = new();
    private readonly string[] _kinds = [.. catalogue.Kinds.Select(k => k.Kind)];
    private long _turn;

    /// <summary>Somebody called: there may be tickets, or outcomes to write.</summary>
    public Signal Called { get; } = new();

    /// <summary>Works until told to stop; then running jobs get their grace.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var grace = new CancellationTokenSource();
        using var last = new CancellationTokenSource();
        var patience = TimeSpan.FromSeconds(options.ShutdownGraceSeconds);
        await using var told = stopping.Register(() =>
        {
            grace.CancelAfter(patience);
            last.CancelAfter(patience + LastWords);
        });
        await LoopAsync(stopping, grace.Token, last.Token);
        await DrainAsync(grace.Token, last.Token);
    }

    /// <summary>A run is over; without an outcome its job comes back when its lease runs out.</summary>
    public void End(Running.Run run, JobOutcome? outcome)
    {
        run.IsEnding = true;
        _ended.Enqueue((run, outcome));
        Called.Set();
        if (_ended.Count >= running.Count)
            _allEnded.Set();
    }

    private async Task LoopAsync(CancellationToken stopping, CancellationToken grace, CancellationToken last)
    {
        var idle = TimeSpan.FromMilliseconds(options.PollMs);
        var troubled = TimeSpan.Zero;
        while (!stopping.IsCancellationRequested)
        {
            Called.Reset();
            try
            {
                var moved = await ExchangeAsync(fetch: true, grace, last);
                troubled = TimeSpan.Zero;
                idle = moved ? TimeSpan.FromMilliseconds(options.PollMs) : Longer(idle, options.PollMaxMs);
                if (!moved || Full)
                    await Called.WaitAsync(idle, stopping);
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or OperationCanceledException or InvalidOperationException)
            {
                LogTrouble(e);
                troubled = Longer(troubled, 5000);
                await Task.WhenAny(Task.Delay(troubled, stopping));
            }
        }
    }

    private bool Full => _ended.IsEmpty && running.Count >= options.GlobalConcurrency;

    private static TimeSpan Longer(TimeSpan before, int atMostMs) =>
        TimeSpan.FromMilliseconds(Math.Clamp(before.TotalMilliseconds * 2, 100, atMostMs));

    // True when something was written or fetched: then there may be more.
    private async Task<bool> ExchangeAsync(bool fetch, CancellationToken grace, CancellationToken ct)
    {
        List<(Running.Run Run, JobOutcome? Outcome)> taken = [];
        while (taken.Count < LargestBatch && _ended.TryDequeue(out var ended))
            taken.Add(ended);
        foreach (var (run, _) in taken.Where(t => t.Outcome is null))
            running.Remove(run);
        var outcomes = taken.Where(t => t.Outcome is not null).Select(t => t.Outcome!).ToList();

        // A run whose outcome is on its way has left its lane: its successor may come with the same round trip.
        var (lanes, rooms, total) = fetch ? Room(taken) : ([], [], 0);
        if (outcomes.Count == 0 && total == 0)
            return false;

        EngineCalls.Exchange exchange;
        var asked = Environment.TickCount64;
        try
        {
            exchange = await calls.ExchangeAsync(outcomes, _kinds, lanes, rooms, total, _turn++, ct);
        }
        catch
        {
            // Nothing was committed, or we cannot know: the fence decides when the outcome is offered again.
            foreach (var ended in taken.Where(t => t.Outcome is not null))
                _ended.Enqueue(ended);
            throw;
        }

        var settled = Settle(taken, exchange.Answers);
        _allEnded.Reset();
        foreach (var run in exchange.Tickets.Select(t => running.Add(t, asked, grace)).ToList())
            carry(run);
        if (exchange.Tickets.Count > 1)
            await _allEnded.WaitAsync(Moment, ct);
        return exchange.Tickets.Count > 0 || settled > 0;
    }

    private (string[] Lanes, int[] Rooms, int Total) Room(List<(Running.Run Run, JobOutcome? Outcome)> leaving)
    {
        var left = leaving.Where(t => t.Outcome is not null).ToLookup(t => t.Run.Ticket.Lane);
        var total = options.GlobalConcurrency - running.Count + left.Sum(l => l.Count());
        var open = catalogue.Lanes
            .Select(l => (l.Name, Room: Math.Min(total, options.WidthOf(l) - running.InLane(l.Name) + left[l.Name].Count())))
            .Where(l => l.Room > 0)
            .ToList();

        // The first lane of the list is served first: it is another one each time, so that none starves behind a busy one.
        // Lanes with a priority come before the others, but not always, for the same reason.
        var first = open.Count == 0 ? 0 : (int)(_turn % open.Count);
        var order = open.Skip(first).Concat(open.Take(first)).ToList();
        if (options.LanePriorities.Count > 0 && _turn % 10 != 0)
            order = [.. order.OrderByDescending(l => options.LanePriorities.GetValueOrDefault(l.Name))];
        return ([.. order.Select(l => l.Name)], [.. order.Select(l => l.Room)], order.Count == 0 ? 0 : total);
    }

    // What a click holds locked at this moment is offered again after a pause; the number is of those that are done with.
    private int Settle(List<(Running.Run Run, JobOutcome? Outcome)> taken, IReadOnlyList<(long JobId, string Answer)> answers)
    {
        // A run that lost its job and that job's next run may end at the same moment in one process: one of them is refused.
        var byJob = answers.ToLookup(a => a.JobId, a => a.Answer);
        var locked = byJob.Count(a => a.Contains("locked"));
        foreach (var ended in taken.Where(t => t.Outcome is not null))
        {
            var answer = byJob[ended.Outcome!.JobId].ToList();
            if (answer.Contains("locked"))
            {
                _ended.Enqueue(ended);
                continue;
            }

            if (answer.Contains("lost"))
                LogRefused(ended.Run.Ticket.Kind, ended.Outcome.JobId, ended.Outcome.Ending);
            running.Remove(ended.Run);
        }

        return byJob.Count - locked;
    }

    // Running jobs get their grace; then their tokens are cancelled and they go back to the queue.
    private async Task DrainAsync(CancellationToken grace, CancellationToken last)
    {
        while ((running.Count > 0 || !_ended.IsEmpty) && !last.IsCancellationRequested)
        {
            Called.Reset();
            try
            {
                if (!await ExchangeAsync(fetch: false, grace, last))
                    await Called.WaitAsync(TimeSpan.FromMilliseconds(100), last);
            }
            catch (Exception e) when (e is NpgsqlException or OperationCanceledException or TimeoutException)
            {
                LogTrouble(e);
                await Task.WhenAny(Task.Delay(200, last));
            }
        }
    }

    [LoggerMessage(13, LogLevel.Warning, "worker.tick the database does not answer")]
    private partial void LogTrouble(Exception e);

    [LoggerMessage(14, LogLevel.Warning, "orchestrator.commit refused {Kind} {JobId}: the run no longer held it ({Ending})")]
    private partial void LogRefused(string kind, long jobId, string ending);
}
