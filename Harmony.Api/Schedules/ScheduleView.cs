using Harmony.Orchestrator.Schedules;

namespace Harmony.Api.Schedules;

/// <summary>A schedule with its last and next slot.</summary>
internal sealed record ScheduleView(
    string Schedule,
    string Kind,
    string Expression,
    string? Words,
    string Zone,
    string Misfire,
    bool Enabled,
    DateTimeOffset? NextAt,
    bool Forgotten,
    bool? Late,
    long Missed,
    string? PausedBy,
    string? PausedWhy,
    DateTimeOffset? PausedUntil,
    DateTimeOffset? LastSlot,
    DateTimeOffset? LastFired,
    long? LastJobId,
    string? LastState,
    long? LastDurationMs)
{
    public static ScheduleView Of(ScheduleLine s) => new(
        s.Schedule, s.Kind, s.Expression, s.Words, s.Zone, s.Misfire, s.Enabled, s.NextAt, s.Forgotten, s.Late, s.Missed,
        s.PausedBy, s.PausedWhy, s.PausedUntil, s.LastSlot, s.LastFired, s.LastJobId, s.LastState, s.LastDurationMs);
}

/// <summary>The result of one slot.</summary>
internal sealed record FiringView(DateTimeOffset Slot, DateTimeOffset FiredAt, string Outcome, long? JobId, string? State, long? DurationMs)
{
    public static FiringView Of(Firing f) => new(f.Slot, f.FiredAt, f.Outcome, f.JobId, f.State, f.DurationMs);
}
