using System.Collections.Concurrent;
using Harmony.Data;
using Harmony.Data.Notices;
using Microsoft.Extensions.Logging;

namespace Harmony.Orchestrator;

/// <summary>
/// Writes outcomes and fetches tickets in one round trip and one transaction. One loop sends the round trips, at most two at a
/// time, and settles their answers. <paramref name="start"/> starts a fetched job; <see cref="End"/> reports its end.
/// </summary>
internal sealed partial class Dispatcher(
    Catalogue catalogue, OrchestratorOptions options, EngineFunctions functions, InFlightJobs running, Action<InFlightJob> start, ILogger log)
{
    private const int SmallestBatch = 5;
    private const int LargestBatch = 200;

    // The time for writing the last outcomes after the grace period.
    private static readonly TimeSpan LastWrites = TimeSpan.FromSeconds(2);

    // How long the loop waits for outcomes of runs that have just begun, so that they share a round trip.
    private static readonly TimeSpan ShareWait = TimeSpan.FromMilliseconds(1);

    // While the process stops: the pause before a retry of an outcome whose job was locked, or whose round trip failed.
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentQueue<(InFlightJob Run, JobOutcome? Outcome)> _ended = new();
    private readonly AsyncSignal _allEnded = new();
    private readonly LaneCapacity _capacity = new(catalogue, options, running, functions.WantedSessions);
    private readonly List<RoundTrip> _underWay = [];
    private readonly string[] _kinds = [.. catalogue.Kinds.Select(k => k.Kind)];
    private int _leaving;

    // A lane was left out because a round trip under way might fill it: it must be checked afterwards.
    private bool _laneLeftOut;

    /// <summary>Set when there may be tickets to fetch or outcomes to write.</summary>
    public AsyncSignal Called { get; } = new();

    /// <summary>Works until it is cancelled; then running jobs get their grace period.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var grace = new CancellationTokenSource();
        using var last = new CancellationTokenSource();
        var graceTime = TimeSpan.FromSeconds(options.ShutdownGraceSeconds);
        await using var told = stopping.Register(() =>
        {
            grace.CancelAfter(graceTime);
            last.CancelAfter(graceTime + LastWrites);
        });
        await LoopAsync(stopping, grace.Token, last.Token);
        await DrainAsync(grace.Token, last.Token);

        // The jobs of outcomes that were not written return when their leases expire.
        await Task.WhenAll(_underWay.Select<RoundTrip, Task>(t => t.Answer)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>A run is over; without an outcome its job returns when its lease expires.</summary>
    public void End(InFlightJob run, JobOutcome? outcome)
    {
        run.IsEnding = true;
        _ended.Enqueue((run, outcome));
        Called.Set();
        if (AllEnded)
            _allEnded.Set();
    }

    private bool AllEnded => _ended.Count + Volatile.Read(ref _leaving) >= running.Count;

    private bool Full => _ended.IsEmpty && running.Count >= options.GlobalConcurrency;

    private async Task LoopAsync(CancellationToken stopping, CancellationToken grace, CancellationToken last)
    {
        var look = true;
        var idle = TimeSpan.FromMilliseconds(options.PollMs);
        var pause = new GrowingPause(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5));
        while (!stopping.IsCancellationRequested)
        {
            look |= Called.Reset();
            try
            {
                if (look)
                    look = !SendAll(fetch: true, last);
                if (!await Called.WaitAsync(idle, stopping, _underWay.Select(t => t.Answer)))
                    look = true;
                if (await SettleAsync(grace, last) is not { } moved)
                    continue;
                pause.Reset();
                idle = moved ? TimeSpan.FromMilliseconds(options.PollMs) : Longer(idle, options.PollMaxMs);
                look |= (moved && !Full) || (_laneLeftOut && _underWay.Count == 0);
            }
            catch (Exception e) when (DatabaseErrors.EndsOneTry(e))
            {
                LogTrouble(e);
                look = true;
                await Task.WhenAny(Task.Delay(pause.Next(), stopping));
            }
        }
    }

    private static TimeSpan Longer(TimeSpan before, int atMostMs) =>
        TimeSpan.FromMilliseconds(Math.Min(Math.Max(before.TotalMilliseconds * 2, 100), atMostMs));

    // Sends the next round trip, if there is something to send; false when there are not enough free sessions.
    private bool SendAll(bool fetch, CancellationToken cancellationToken)
    {
        var look = fetch;
        while (_underWay.Count < functions.Sessions)
        {
            var leaving = Take();
            // Jobs that are returned because the process stops must not be fetched again at once.
            var returns = leaving.Exists(t => t.Outcome!.Ending == JobEndings.Returned);
            var request = !returns && (look || (fetch && leaving.Count > 0)) ? _capacity.Ask([.. leaving.Select(t => t.Run)]) : LaneCapacity.Request.Nothing;
            _laneLeftOut = (_laneLeftOut || look) && !request.IsWhole;
            look = false;
            if (leaving.Count == 0 && request.Total == 0)
                break;
            _leaving += leaving.Count;
            _underWay.Add(new RoundTrip(leaving, request, Environment.TickCount64, functions.ExchangeAsync([.. leaving.Select(t => t.Outcome!)], _kinds, request, cancellationToken)));
        }

        return !look && _ended.IsEmpty;
    }

    // With two sessions, each takes half of the runs.
    private List<(InFlightJob Run, JobOutcome? Outcome)> Take()
    {
        List<(InFlightJob Run, JobOutcome? Outcome)> taken = [];
        var most = Math.Clamp((running.Count + functions.Sessions - 1) / functions.Sessions, SmallestBatch, LargestBatch);
        while (taken.Count < most && _ended.TryDequeue(out var ended))
        {
            if (ended.Outcome is null)
                running.Remove(ended.Run);
            else
                taken.Add(ended);
        }

        return taken;
    }

    // Settles the finished round trips, if any. True when something was written or fetched: then there may be more.
    // A failed round trip does not prevent the other from being settled.
    private async Task<bool?> SettleAsync(CancellationToken grace, CancellationToken cancellationToken)
    {
        var over = _underWay.Where(t => t.Answer.IsCompleted).OrderBy(t => !t.Answer.IsCompletedSuccessfully).ToList();
        var brought = 0;
        var moved = false;
        foreach (var trip in over)
        {
            var exchange = await AnswerOfAsync(trip);
            moved |= Settle(trip.Leaving, exchange.Answers) > 0 || exchange.Tickets.Count > 0;
            brought += exchange.Tickets.Count;
            _allEnded.Reset();
            foreach (var run in exchange.Tickets.Select(t => running.Add(t, trip.Asked, grace)).ToList())
                start(run);
        }

        if (brought > 1 && !AllEnded)
            await _allEnded.WaitAsync(ShareWait, cancellationToken);
        return over.Count > 0 ? moved : null;
    }

    private async Task<EngineFunctions.Exchange> AnswerOfAsync(RoundTrip trip)
    {
        _underWay.Remove(trip);
        _leaving -= trip.Leaving.Count;
        _capacity.GiveBack(trip.Request);
        try
        {
            return await trip.Answer;
        }
        catch
        {
            // Nothing was committed, or the commit is unknown: the fence decides when the outcome is sent again.
            trip.Leaving.ForEach(_ended.Enqueue);
            throw;
        }
    }

    // The outcome of a job that an operator's request holds locked is sent again after a pause. Returns how many outcomes are settled.
    private int Settle(List<(InFlightJob Run, JobOutcome? Outcome)> taken, IReadOnlyList<(long JobId, string Answer)> answers)
    {
        // A run that lost its job and the next run of that job may end at the same time in one process: one outcome is refused.
        var byJob = answers.ToLookup(a => a.JobId, a => a.Answer);
        var locked = byJob.Count(a => a.Contains("locked"));
        foreach (var ended in taken)
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

    // Running jobs get their grace period; then their tokens are cancelled and they return to the queue.
    private async Task DrainAsync(CancellationToken grace, CancellationToken last)
    {
        while ((running.Count > 0 || !_ended.IsEmpty || _underWay.Count > 0) && !last.IsCancellationRequested)
        {
            Called.Reset();
            try
            {
                // A round trip that still fetches would fetch the jobs that are being returned to the queue.
                if (!_underWay.Exists(t => t.Request.Total > 0))
                    SendAll(fetch: false, last);
                await Called.WaitAsync(Retry, last, _underWay.Select(t => t.Answer));
                if (await SettleAsync(grace, last) is false)
                    await Called.WaitAsync(Retry, last);
            }
            catch (Exception e) when (DatabaseErrors.EndsOneTry(e))
            {
                LogTrouble(e);
                await Task.WhenAny(Task.Delay(200, last));
            }
        }
    }

    /// <param name="Leaving">Runs whose outcomes it writes.</param>
    /// <param name="Asked">When it was sent.</param>
    private sealed record RoundTrip(
        List<(InFlightJob Run, JobOutcome? Outcome)> Leaving, LaneCapacity.Request Request, long Asked, Task<EngineFunctions.Exchange> Answer);

    [LoggerMessage(EventName = "worker.tick", Level = LogLevel.Warning, Message = "The database does not answer")]
    private partial void LogTrouble(Exception e);

    [LoggerMessage(EventName = "orchestrator.commit", Level = LogLevel.Warning, Message = "Outcome of {Kind} {JobId} refused: the run no longer holds the job ({Ending})")]
    private partial void LogRefused(string kind, long jobId, string ending);
}
