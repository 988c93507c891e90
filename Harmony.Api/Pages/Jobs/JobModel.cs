using Harmony.Orchestrator;

namespace Harmony.Api.Pages.Jobs;

/// <summary>One job with its history, newest first, and the jobs it enqueued.</summary>
public sealed record JobModel(JobSheet Job, PlaceInLine? Place, IReadOnlyList<JobEvent> Events, IReadOnlyList<JobLine> Children, string? ErrorInFull)
{
    public const int MostEvents = 200;

    public bool MayRequeue => Job.State == HangfireStates.Failed;

    public bool MayCancel => HangfireStates.IsLive(Job.State);

    public bool MayRunNow => Job.State == HangfireStates.Scheduled;
}
