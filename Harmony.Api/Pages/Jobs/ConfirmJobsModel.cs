using Harmony.Orchestrator;

namespace Harmony.Api.Pages.Jobs;

/// <summary>What is about to happen to how many jobs.</summary>
/// <param name="Newest">The newest of them when they were counted: younger ones were not agreed to.</param>
/// <param name="Looked">Only a window of them was looked through.</param>
public sealed record ConfirmJobsModel(JobsAct Act, JobFilter Filter, int Count, long? Newest, bool Looked)
{
    public const int MostAtOnce = 5000;
}
