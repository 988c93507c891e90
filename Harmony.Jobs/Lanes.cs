using Harmony.Orchestrator;

namespace Harmony.Jobs;

/// <summary>
/// Every lane and its default width; <c>ORCH_POOL_*</c> changes the widths. No kind of job runs in matching, ingest, playlists and library yet:
/// their names are reserved.
/// </summary>
public static class Lanes
{
    public const string Artists = "artists";
    public const string Watchlist = "watchlist";
    public const string Search = "search";
    public const string Download = "download";
    public const string Matching = "matching";
    public const string Enrich = "enrich";
    public const string Backfill = "backfill";
    public const string Ingest = "ingest";
    public const string Playlists = "playlists";
    public const string Library = "library";
    public const string Upkeep = "upkeep";
    public const string Operator = "operator";

    public static IReadOnlyList<Lane> All { get; } =
    [
        new(Artists, 4),
        new(Watchlist, 2),
        // The Soulseek server bans clients that search more often, so the window is shared by all processes.
        new(Search, 2) { Rate = new RateWindow(34, TimeSpan.FromSeconds(220)) },
        new(Download, 8),
        new(Matching, 4),
        new(Enrich, 4),
        new(Backfill, 2),
        new(Ingest, 2),
        new(Playlists, 2),
        new(Library, 2),
        new(Upkeep, 2),
        new(Operator, 4),
    ];
}
