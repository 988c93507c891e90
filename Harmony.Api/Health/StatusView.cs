using Harmony.Orchestrator;

namespace Harmony.Api.Health;

/// <summary>The state of the engine, lane by lane.</summary>
internal sealed record StatusView(
    string Status,
    string Version,
    long UptimeSeconds,
    IReadOnlyDictionary<string, LaneStatus> Workers,
    IReadOnlyList<ServerStatus> Servers,
    IReadOnlyList<GateStatus> Gates,
    long DeadLetters,
    ReadinessReport Readiness)
{
    public static StatusView Of(string status, long uptime, StatusReading figures, IReadOnlyDictionary<string, int> widths, ReadinessReport report)
    {
        var alive = figures.Servers.Count(s => s.Heartbeat > figures.Now - Health.Readiness.HeartbeatAge);
        var lastSeen = figures.Servers.Select(s => (DateTimeOffset?)s.Heartbeat).Max();
        return new(
            status,
            Uptime.Version,
            uptime,
            figures.Lanes.ToDictionary(
                l => l.Lane,
                l => new LaneStatus(
                    alive == 0 ? "stale" : figures.Pauses.Any(p => p.Scope == "lane" && p.Name == l.Lane) ? "paused" : "running",
                    lastSeen, l.Waiting, l.Running, widths.GetValueOrDefault(l.Lane), l.OldestWaiting)),
            [.. figures.Servers.Select(s => new ServerStatus(s.Id, s.Workers, s.StartedAt, s.Heartbeat))],
            [.. figures.Gates.Select(g => new GateStatus(g.Provider, g.State, g.BlockedUntil, g.Reason))],
            figures.DeadLetters,
            report);
    }
}

internal sealed record LaneStatus(string Status, DateTimeOffset? LastSeen, long QueueSize, long Running, int Width, DateTimeOffset? OldestWaiting);

internal sealed record ServerStatus(string Id, int? Workers, DateTimeOffset? StartedAt, DateTimeOffset Heartbeat);

internal sealed record GateStatus(string Provider, string State, DateTimeOffset? BlockedUntil, string? Reason);
