using Harmony.Orchestrator;

namespace Harmony.Api.Configuration;

/// <summary>The lanes and kinds there are: the names <c>ORCH_POOL_*</c> and <c>RETRY_*</c> keys may carry.</summary>
/// <param name="Widths">Lane to how many of its jobs run at once by default.</param>
/// <param name="LaneOfKind">Kind to the lane that carries it.</param>
internal sealed record EngineNames(IReadOnlyDictionary<string, int> Widths, IReadOnlyDictionary<string, string> LaneOfKind)
{
    // Names the origin systems used for what has another name here.
    private static readonly Dictionary<string, string> SeedKinds = new(StringComparer.Ordinal)
    {
        ["sync"] = "download",
        ["artist_delta"] = "artist_scan",
        ["watchlist"] = "artist_scan",
    };

    // What the origin ran as jobs and Harmony does in another way, or not yet.
    private static readonly HashSet<string> SeedKindsWithoutOne = new(["matching", "retry", "import", "playlist_sync"], StringComparer.Ordinal);

    public static EngineNames Of(Catalogue catalogue) => new(
        catalogue.Lanes.ToDictionary(l => l.Name, l => l.Width, StringComparer.Ordinal),
        catalogue.Kinds.ToDictionary(k => k.Kind, k => k.Spec.Lane, StringComparer.Ordinal));

    /// <summary>The lane a name means: a lane's own, a kind's, or a seed's name for either.</summary>
    public string? LaneOf(string name) =>
        Widths.ContainsKey(name) ? name
        : LaneOfKind.TryGetValue(name, out var lane) ? lane
        : SeedKinds.TryGetValue(name, out var kind) ? LaneOfKind.GetValueOrDefault(kind)
        : null;

    public string? KindOf(string name) =>
        LaneOfKind.ContainsKey(name) ? name
        : SeedKinds.TryGetValue(name, out var kind) && LaneOfKind.ContainsKey(kind) ? kind
        : null;

    /// <summary>A job of the origin systems that has no kind here: what is said about it is ignored, with a warning.</summary>
    public bool IsGone(string name) => KindOf(name) is null && SeedKindsWithoutOne.Contains(name);

    public bool HasKinds(string lane) => LaneOfKind.Values.Contains(lane);
}
