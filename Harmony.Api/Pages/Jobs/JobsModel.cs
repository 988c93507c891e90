using Harmony.Orchestrator;

namespace Harmony.Api.Pages.Jobs;

public sealed record JobsModel(JobFilter Filter, IReadOnlyList<JobLine> Items, IReadOnlyList<KindLine> Kinds, DateTimeOffset Now)
{
    public const int Most = 50;

    public bool IsNarrowed => Filter is not { State: null, Kind: null, Lane: null, Key: null, Parent: null };
}
