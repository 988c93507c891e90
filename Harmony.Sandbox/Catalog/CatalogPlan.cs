namespace Harmony.Sandbox.Catalog;

internal sealed record ArtistPlan(string Name, IReadOnlyList<ReleasePlan> Releases, string? Id = null, bool Ragged = false);

/// <summary>Tracks = how many, unless titles are given or another release of the artist is repeated (same titles and ISRCs).</summary>
internal sealed record ReleasePlan(
    string? Title,
    string Kind,
    int Tracks,
    string? Date = null,
    IReadOnlyList<string>? Titles = null,
    int? Repeats = null,
    int Discs = 1,
    bool Guests = false);
