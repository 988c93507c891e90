using Harmony.Orchestrator;

namespace Harmony.Api.Pauses;

/// <summary>How many jobs of each lane one process runs at once, as this process is configured.</summary>
internal static class LaneWidths
{
    public static IReadOnlyDictionary<string, int> Of(Catalogue catalogue, OrchestratorOptions options) =>
        catalogue.Lanes.ToDictionary(l => l.Name, options.WidthOf, StringComparer.Ordinal);
}
