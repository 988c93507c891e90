using Harmony.Orchestrator;

namespace Harmony.Api.Pages.Jobs;

public sealed record JobsModel(JobFilter Filter, JobsFound Found, IReadOnlyList<KindLine> Kinds, DateTimeOffset Now)
{
    public const int Most = 50;

    public bool IsNarrowed => Filter is not { State: null, Kind: null, Lane: null, Key: null, Id: null, Parent: null, Text: null };

    /// <summary>The actions for jobs of the shown state, for selected jobs or all.</summary>
    public IReadOnlyList<JobsAct> Acts => JobsAct.For(Filter.State);
}

/// <summary>An action on many jobs at once.</summary>
public sealed record JobsAct(string Name, string Verb, string Button, IReadOnlyList<string> States)
{
    public static readonly IReadOnlyList<JobsAct> All =
    [
        new("run-now", "Run", "Run now", [HangfireStates.Scheduled]),
        new("requeue", "Requeue", "Requeue", [HangfireStates.Failed]),
        new("cancel", "Cancel", "Cancel", [.. HangfireStates.All.Where(HangfireStates.IsLive)]),
    ];

    public static IReadOnlyList<JobsAct> For(string? state) => [.. All.Where(a => state is not null && a.States.Contains(state))];
}
