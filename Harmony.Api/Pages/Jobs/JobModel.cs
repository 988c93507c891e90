using Harmony.Orchestrator;

namespace Harmony.Api.Pages.Jobs;

/// <summary>One job with its history, newest first, and the jobs it enqueued.</summary>
public sealed record JobModel(JobSheet Job, PlaceInLine? Place, IReadOnlyList<JobEvent> Events, IReadOnlyList<JobLine> Children, string? ErrorInFull)
{
    public const int MostEvents = 200;

    public bool MayRequeue => Job.State == "Failed";

    public bool MayCancel => Job.State is "Enqueued" or "Scheduled" or "Processing" or "Awaiting";

    public bool MayRunNow => Job.State == "Scheduled";
}
