using Harmony.Orchestrator;

namespace Harmony.Api.Pauses;

/// <summary>The number of jobs that one process runs at once in each lane, by the configuration of this process.</summary>
internal static class LaneWidths
{
    public static IReadOnlyDictionary<string, int> Of(Catalogue catalogue, OrchestratorOptions options) =>
        catalogue.Lanes.ToDictionary(l => l.Name, options.WidthOf, StringComparer.Ordinal);
}
