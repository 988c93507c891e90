using Harmony.Orchestrator;

namespace Harmony.Api.Pages.Lanes;

/// <summary>How many jobs of each lane one process runs at once, as this process is configured.</summary>
internal static class LaneWidths
{
    public static IReadOnlyDictionary<string, int> Of(PageRequest request)
    {
        var options = request.Get<OrchestratorOptions>();
        return request.Get<Catalogue>().Lanes.ToDictionary(l => l.Name, options.WidthOf, StringComparer.Ordinal);
    }
}
