using Harmony.Data.Downloads;

namespace Harmony.Jobs.Downloads.Search;

/// <summary>The Soulseek searches for a track, in this order. Pure.</summary>
internal static class SearchPlan
{
    public const string Release = "release";
    public const string Track = "track";

    public static IReadOnlyList<(string Scope, string Query)> For(Download row)
    {
        var plan = new List<(string Scope, string Query)>();
        if (row.Album is { Length: > 0 } album)
            plan.Add((Release, SearchText.ForRelease(row.Artist, album)));

        plan.Add((Track, SearchText.ForTrack(row.Artist, row.Title)));
        return [.. plan.Where(p => !string.IsNullOrWhiteSpace(p.Query)).DistinctBy(p => p.Query)];
    }
}
