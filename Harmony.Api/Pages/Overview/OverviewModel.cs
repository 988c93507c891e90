using Harmony.Api.Health;
using Harmony.Api.Pages.Shell;
using Harmony.Data.Downloads;
using Harmony.Orchestrator;

namespace Harmony.Api.Pages.Overview;

/// <summary>The data of the first page.</summary>
public sealed record OverviewModel(OverviewReading Engine, IReadOnlyDictionary<string, int> Widths, IReadOnlyList<Download> Downloads, PoolUse Pool)
{
    public const int ManyAtOnce = 100;

    public const int MoreThanAFew = 10;

    public DateTimeOffset Now => Engine.Now;

    public long Waiting => Engine.Lanes.Sum(l => l.Waiting);

    public string WaitingWords =>
        OldestWaiting is { } oldest ? $"oldest {Words.Coarse(Now - oldest)}"
        : Waiting > 0 ? "set aside: paused, or a gate is closed"
        : "none";

    /// <summary>In some lane more jobs wait than were counted.</summary>
    public bool CountsStop => ParkedStops || Engine.Lanes.Any(l => l.Waiting >= EngineState.MostCounted);

    /// <summary>For timers the limit is a tenth of that, over all lanes; some of those may be due already.</summary>
    public bool LaterStops => Engine.States.Any(s => s.State == HangfireStates.Scheduled && s.Jobs >= EngineState.MostCounted / 10);

    public bool ParkedStops => Engine.Lanes.Sum(l => l.Parked) >= EngineState.MostCounted / 10;

    public long Running => Engine.Lanes.Sum(l => l.Running);

    public long Later => Engine.Lanes.Sum(l => l.Later);

    public long Dead => Engine.DeadLetters.Sum(d => d.Jobs);

    public long DeadFresh => Engine.DeadLetters.Sum(d => d.Fresh);

    public long DoneLastHour => Engine.Minutes.Sum(m => m.Done);

    public DateTimeOffset? OldestWaiting => Engine.Lanes.Min(l => l.OldestWaiting);

    /// <summary>Heartbeats come every few seconds; a minute without one means that the server is gone.</summary>
    public int Alive => Engine.Servers.Count(s => Now - s.Heartbeat < TimeSpan.FromMinutes(1));

    /// <summary>The number of jobs that may run in the lane at once in all living processes.</summary>
    public long? LimitOf(string lane) => Widths.TryGetValue(lane, out var width) ? (long)width * Math.Max(1, Alive) : null;

    public PauseFigures? PauseOf(string lane) => Engine.Pauses.FirstOrDefault(p => p.Scope == "lane" && p.Name == lane);

    public string DeadWords => Dead == 0 ? "none to decide about" : Words.Count(Engine.DeadLetters.Count, "reason", "reasons");
}
