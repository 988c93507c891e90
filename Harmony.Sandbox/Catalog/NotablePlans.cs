namespace Harmony.Sandbox.Catalog;

/// <summary>The artists that tests and scripts know by name; all others are drawn.</summary>
internal static class NotablePlans
{
    public static IReadOnlyList<ArtistPlan> All { get; } =
    [
        new("Marble Harbour",
            [
                new("Tides Without Names", "album", 6, "2019-03-15"),
                new("Lamps Over Water", "single", 3, "2021-10-01"),
                new("The Pilot's Daughter", "single", 1, "2024-05-24"),
            ], SandboxCatalog.WatchedArtistIds[0]),
        new("Åse Lindqvist",
            [
                new("Vintergatan Slow", "album", 7, "2017-11-03"),
                new("Copper & Snow", "single", 2, "2023-01-20"),
            ], SandboxCatalog.WatchedArtistIds[1]),
        new("The Glass Tramway",
            [
                new("Last Stop: Meadow", "album", 6, "2022-08-12"),
                new("Signal Red", "single", 1, "2025-02-07"),
            ], SandboxCatalog.WatchedArtistIds[2]),
        new("Fifty Kites",
            [.. Enumerable.Range(1, 5).Select(n => new ReleasePlan($"Kite Book {n}", "album", 10, $"20{14 + n}-04-0{n}"))],
            SandboxCatalog.FiftyTrackArtistId),
        new("Endless Pressing",
            [.. Enumerable.Range(0, 120).Select(n => new ReleasePlan(null, n % 10 == 0 ? "album" : "single", (n % 3) + 1, $"{1990 + (n / 4)}-0{(n % 9) + 1}-1{n % 10}"))],
            SandboxCatalog.LongDiscographyArtistId),
        new("Twin Meridian",
            [
                new("Meridian", "album", 5, "2004-06-01"),
                new("Meridian", "album", 5, "2004-06-01", Repeats: 0),
                new("Meridian", "album", 4, "2015-09-18"),
                new("Meridian (Deluxe Edition)", "album", 5, "2014-06-01", Repeats: 0, Discs: 2),
                new("Meridian", "single", 1, "2004-04-02"),
            ]),
        new("Ragged Edges",
            [
                new("Only A Year", "album", 4, "1998"),
                new("Year And Month", "album", 3, "1999-04"),
                new("Nothing Optional", "single", 1, "2001"),
            ], SandboxCatalog.RaggedArtistId, Ragged: true),
        new("להקת הנמל",
            [
                new("לילה על המים", "album", 3, "2016-05-05", ["שיר ראשון", "הגל האחרון", "בית ליד הים"]),
                new("مرآة البحر", "single", 1, "2020-02-02", ["مرآة البحر"]),
            ]),
        new("🔥 Ember & Tide 🌊",
            [
                new("☀️ Sunrise / 🌙 Moonset", "album", 4, "2018-07-07", ["🌅", "Tide 🌊 Over", "Naïve Façade", "Ｆｕｌｌ Ｗｉｄｔｈ"]),
            ]),
        new("AC/Dust",
            [
                new("../../etc/cron.d/x", "album", 5, "2011-11-11", ["CON", "..", "What? Now: \"This\" <Thing>", "Trailing Dots...", new string('A', 240)]),
            ]),
        new("Various Guests",
            [new("Night Market, Vol. 1", "compilation", 6, "2020-12-04", Guests: true)]),
    ];
}
