using Harmony.Orchestrator;

namespace Harmony.Api.Pages.Jobs;

/// <summary>The action to confirm, and its jobs.</summary>
/// <param name="JobIds">Exactly the counted jobs: others were not confirmed.</param>
/// <param name="Looked">Only a window of the jobs was searched.</param>
public sealed record ConfirmJobsModel(JobsAct Act, JobFilter Filter, IReadOnlyList<long> JobIds, bool Looked)
{
    public const int MostAtOnce = 5000;

    public int Count => JobIds.Count;
}
