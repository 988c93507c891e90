using System.Diagnostics.Metrics;
using Harmony.Data;
using Harmony.Orchestrator;

namespace Harmony.Api.Health;

/// <summary>The engine's state in the database as gauges; scrapes within a few seconds share one read.</summary>
internal sealed class EngineGauges : IDisposable
{
    private static readonly TimeSpan SharedFor = TimeSpan.FromSeconds(5);
    private static readonly string[] GateStates = ["closed", "half_open", "open"];

    private readonly EngineState _engine;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Meter _meter;
    private MetricsReading? _figures;
    private long? _readAt;

    public EngineGauges(EngineState engine, Uptime uptime, TimeProvider time, IMeterFactory meters)
    {
        (_engine, _time, _meter) = (engine, time, meters.Create("Harmony.Engine"));
        Gauge("harmony_info", "Version of this process.", () => [new(1, Label("version", Uptime.Version))]);
        Gauge("harmony_uptime_seconds", "Age of this process.", () => [new(uptime.Seconds)]);
        Gauge("harmony_database_up", "1 while the database answers.", () => [new(_figures is null ? 0 : 1)]);
        Gauge("harmony_jobs", "Live jobs by lane and state.", f => f.Lanes.SelectMany(l => new[] { InState(l, "waiting", l.Waiting), InState(l, "running", l.Running), InState(l, "scheduled", l.Later) }));
        Gauge("harmony_oldest_waiting_seconds", "How long the oldest due job of a lane has waited.", f => f.Lanes.Select(l =>
            new Measurement<double>(Math.Max(0, (f.Now - (l.OldestWaiting ?? f.Now)).TotalSeconds), Label("lane", l.Lane))));
        Gauge("harmony_dead_letters", "Dead letters by reason.", f => f.DeadLetters.Select(d => new Measurement<double>(d.Jobs, Label("reason", d.ReasonCode))));
        Gauge("harmony_dlq_size", "All dead letters.", f => [new(f.DeadLetters.Sum(d => d.Jobs))]);
        Gauge("harmony_jobs_ended_last_hour", "Jobs that ended within the last hour, by outcome.", f =>
            [new(f.EndedLastHour.Done, Label("outcome", "succeeded")), new(f.EndedLastHour.Dead, Label("outcome", "dead_lettered"))]);
        Gauge("harmony_provider_gate_open", "1 while a provider is not called.", f => f.Gates.Select(g => new Measurement<double>(g.State == "closed" ? 0 : 1, Label("provider", g.Provider))));
        Gauge("harmony_provider_gate", "1 for the state a provider's gate is in.", f => f.Gates.SelectMany(g => GateStates.Select(s =>
            new Measurement<double>(g.State == s ? 1 : 0, Label("provider", g.Provider), Label("state", s)))));
        Gauge("harmony_parked_tickets", "Jobs set aside because their kind is paused or their provider is not called.", f => [new(f.Parked)]);
        Gauge("harmony_rate_window_used", "Starts of a lane within its window.", f => f.Rates.Select(r => new Measurement<double>(r.Used, Label("lane", r.Lane))));
        Gauge("harmony_rate_window_permits", "How many starts of a lane its window allows.", f => f.Rates.Select(r => new Measurement<double>(r.Permits, Label("lane", r.Lane))));
        Gauge("harmony_paused", "1 for everything paused.", f => f.Pauses.Select(p => new Measurement<double>(1, Label("scope", p.Scope), Label("name", p.Name))));
        Gauge("harmony_servers_alive", "Job servers heard from within a minute.", f => [new(f.Servers.Count(s => s.Heartbeat > f.Now - Readiness.HeartbeatAge))]);
    }

    /// <summary>Reads the figures for the next scrape; without a database there are none, and <c>harmony_database_up</c> is 0.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_readAt is { } at && _time.GetElapsedTime(at) < SharedFor)
                return;
            _figures = await ReadAsync(cancellationToken);
            _readAt = _time.GetTimestamp();
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<MetricsReading?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _engine.ReadMetricsAsync(cancellationToken);
        }
        catch (Exception e) when (DatabaseErrors.IsDatabaseError(e))
        {
            return null;
        }
    }

    private void Gauge(string name, string help, Func<MetricsReading, IEnumerable<Measurement<double>>> read) =>
        Gauge(name, help, () => _figures is { } figures ? read(figures) : []);

    private void Gauge(string name, string help, Func<IEnumerable<Measurement<double>>> read) =>
        _meter.CreateObservableGauge(name, read, description: help);

    private static Measurement<double> InState(LaneFigures lane, string state, long jobs) => new(jobs, Label("lane", lane.Lane), Label("state", state));

    private static KeyValuePair<string, object?> Label(string name, string value) => new(name, value);
}
