using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Harmony.Orchestrator;
using Npgsql;

namespace Harmony.Api.Health;

/// <summary>Prometheus's text format: the engine's state from the database, then what this process measured itself.</summary>
internal sealed class MetricsText(Overview overview, Measurements measurements, Uptime uptime)
{
    private static readonly string[] GateStates = ["closed", "half_open", "open"];

    public async Task<string> WriteAsync(CancellationToken ct)
    {
        var text = new StringBuilder();
        Family(text, "harmony_info", "gauge", "Version of this process.");
        Line(text, "harmony_info", $"version=\"{PrometheusName.Escaped(Uptime.Version)}\"", 1);
        Family(text, "harmony_uptime_seconds", "gauge", "Age of this process.");
        Line(text, "harmony_uptime_seconds", "", uptime.Seconds);
        var figures = await FiguresAsync(ct);
        Family(text, "harmony_database_up", "gauge", "1 while the database answers.");
        Line(text, "harmony_database_up", "", figures is null ? 0 : 1);
        if (figures is not null)
            Engine(text, figures);
        Process(text);
        return text.ToString();
    }

    // A scrape must still say that the database is down.
    private async Task<OverviewFigures?> FiguresAsync(CancellationToken ct)
    {
        try
        {
            return await overview.ReadAsync(ct);
        }
        catch (Exception e) when (e is NpgsqlException or SocketException or TimeoutException)
        {
            return null;
        }
    }

    private static void Engine(StringBuilder text, OverviewFigures figures)
    {
        Family(text, "harmony_jobs", "gauge", "Live jobs by lane and state.");
        foreach (var lane in figures.Lanes)
        {
            Line(text, "harmony_jobs", $"lane=\"{lane.Lane}\",state=\"waiting\"", lane.Waiting);
            Line(text, "harmony_jobs", $"lane=\"{lane.Lane}\",state=\"running\"", lane.Running);
            Line(text, "harmony_jobs", $"lane=\"{lane.Lane}\",state=\"scheduled\"", lane.Later);
        }

        Family(text, "harmony_oldest_waiting_seconds", "gauge", "How long the oldest due job of a lane has waited.");
        foreach (var lane in figures.Lanes)
            Line(text, "harmony_oldest_waiting_seconds", $"lane=\"{lane.Lane}\"", Math.Max(0, (figures.Now - (lane.OldestWaiting ?? figures.Now)).TotalSeconds));
        Family(text, "harmony_dead_letters", "gauge", "Dead letters by reason.");
        foreach (var dead in figures.DeadLetters)
            Line(text, "harmony_dead_letters", $"reason=\"{PrometheusName.Escaped(dead.ReasonCode)}\"", dead.Jobs);
        Family(text, "harmony_dlq_size", "gauge", "All dead letters.");
        Line(text, "harmony_dlq_size", "", figures.DeadLetters.Sum(d => d.Jobs));
        Family(text, "harmony_jobs_ended_last_hour", "gauge", "Jobs that ended within the last hour, by outcome.");
        Line(text, "harmony_jobs_ended_last_hour", "outcome=\"succeeded\"", figures.Minutes.Sum(m => m.Done));
        Line(text, "harmony_jobs_ended_last_hour", "outcome=\"dead_lettered\"", figures.Minutes.Sum(m => m.Dead));
        Family(text, "harmony_provider_gate_open", "gauge", "1 while a provider is not called.");
        foreach (var gate in figures.Gates)
            Line(text, "harmony_provider_gate_open", $"provider=\"{PrometheusName.Escaped(gate.Provider)}\"", gate.State == "closed" ? 0 : 1);
        Family(text, "harmony_provider_gate", "gauge", "1 for the state a provider's gate is in.");
        foreach (var gate in figures.Gates)
        {
            foreach (var state in GateStates)
                Line(text, "harmony_provider_gate", $"provider=\"{PrometheusName.Escaped(gate.Provider)}\",state=\"{state}\"", gate.State == state ? 1 : 0);
        }

        Family(text, "harmony_parked_tickets", "gauge", "Jobs set aside because their kind is paused or their provider is not called.");
        Line(text, "harmony_parked_tickets", "", figures.Parked);
        Family(text, "harmony_rate_window_used", "gauge", "Starts of a lane within its window.");
        foreach (var rate in figures.Rates)
            Line(text, "harmony_rate_window_used", $"lane=\"{rate.Lane}\"", rate.Used);
        Family(text, "harmony_rate_window_permits", "gauge", "How many starts of a lane its window allows.");
        foreach (var rate in figures.Rates)
            Line(text, "harmony_rate_window_permits", $"lane=\"{rate.Lane}\"", rate.Permits);
        Family(text, "harmony_paused", "gauge", "1 for everything paused.");
        foreach (var pause in figures.Pauses)
            Line(text, "harmony_paused", $"scope=\"{pause.Scope}\",name=\"{PrometheusName.Escaped(pause.Name)}\"", 1);
        Family(text, "harmony_servers_alive", "gauge", "Job servers heard from within a minute.");
        Line(text, "harmony_servers_alive", "", figures.Servers.Count(s => s.Heartbeat > figures.Now - Readiness.HeartbeatAge));
    }

    private void Process(StringBuilder text)
    {
        foreach (var family in measurements.Read().GroupBy(s => (s.Family, s.Type)))
        {
            Family(text, family.Key.Family, family.Key.Type, "Measured by this process.");
            foreach (var sample in family)
                Line(text, sample.Name, sample.Labels, sample.Value);
        }
    }

    private static void Family(StringBuilder text, string name, string type, string help) =>
        text.Append("# HELP ").Append(name).Append(' ').Append(help).Append("\n# TYPE ").Append(name).Append(' ').Append(type).Append('\n');

    private static void Line(StringBuilder text, string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0)
            text.Append('{').Append(labels).Append('}');
        text.Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }
}
