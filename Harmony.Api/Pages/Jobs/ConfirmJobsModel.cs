using Harmony.Orchestrator;

namespace Harmony.Api.Pages.Jobs;

/// <summary>What is about to happen to how many jobs.</summary>
/// <param name="JobIds">Exactly those that were counted: others were not agreed to.</param>
/// <param name="Looked">Only a window of them was looked through.</param>
public sealed record ConfirmJobsModel(JobsAct Act, JobFilter Filter, IReadOnlyList<long> JobIds, bool Looked)
{
    public const int MostAtOnce = 5000;

    public int Count => JobIds.Count;
}
