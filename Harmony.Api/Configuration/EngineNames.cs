using Harmony.Orchestrator;

namespace Harmony.Api.Configuration;

/// <summary>All lanes and kinds: the names that <c>ORCH_POOL_*</c> and <c>RETRY_*</c> keys may carry.</summary>
/// <param name="Widths">Lane to the number of its jobs that run at once by default.</param>
/// <param name="LaneOfKind">Kind to the lane that carries it.</param>
internal sealed record EngineNames(IReadOnlyDictionary<string, int> Widths, IReadOnlyDictionary<string, string> LaneOfKind)
{
    // Names of the origin systems whose lane or kind has another name here.
    private static readonly Dictionary<string, string> SeedKinds = new(StringComparer.Ordinal)
    {
        ["sync"] = "download",
        ["artist_delta"] = "artist_scan",
        ["watchlist"] = "artist_scan",
    };

    // Jobs of the origin systems that Harmony does in another way, or not yet.
    private static readonly HashSet<string> SeedKindsWithoutOne = new(["matching", "retry", "import", "playlist_sync"], StringComparer.Ordinal);

    public static EngineNames Of(Catalogue catalogue) => new(
        catalogue.Lanes.ToDictionary(l => l.Name, l => l.Width, StringComparer.Ordinal),
        catalogue.Kinds.ToDictionary(k => k.Kind, k => k.Spec.Lane, StringComparer.Ordinal));

    /// <summary>The lane of a name: the lane's own, a kind's, or an origin name for either.</summary>
    public string? LaneOf(string name) =>
        Widths.ContainsKey(name) ? name
        : LaneOfKind.TryGetValue(name, out var lane) ? lane
        : SeedKinds.TryGetValue(name, out var kind) ? LaneOfKind.GetValueOrDefault(kind)
        : null;

    public string? KindOf(string name) =>
        LaneOfKind.ContainsKey(name) ? name
        : SeedKinds.TryGetValue(name, out var kind) && LaneOfKind.ContainsKey(kind) ? kind
        : null;

    /// <summary>A job of the origin systems that has no kind here: its keys are ignored with a warning.</summary>
    public bool IsGone(string name) => KindOf(name) is null && SeedKindsWithoutOne.Contains(name);

    public bool HasKinds(string lane) => LaneOfKind.Values.Contains(lane);
}
