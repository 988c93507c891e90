namespace Harmony.Sandbox.Catalog;

/// <summary>Turns the plans of one further artist into releases and tracks, from one sequence of chance.</summary>
internal sealed class FurtherReleases(int number, CatalogCredit credit, CatalogCredit? guest, Dice dice, NameSmith titles)
{
    private int _tracks;

    public CatalogRelease Press(ReleasePlan plan, bool ragged, CatalogRelease? repeated)
    {
        var id = FurtherIds.Of('R', number, dice);
        var date = plan.Date ?? $"{dice.Between(1990, 2025)}-0{dice.Between(1, 9)}-1{dice.Between(0, 9)}";
        var tracks = new List<CatalogTrack>();
        for (var i = 0; i < plan.Tracks; i++)
            tracks.Add(Track(plan, ragged, repeated?.Tracks[i], id, i));
        var title = plan.Title ?? (plan.Kind == "single" ? tracks[0].Title : titles.Next());
        return new CatalogRelease(
            id, title, plan.Kind, date, date.Length switch { 4 => "year", 7 => "month", _ => "day" },
            ragged ? null : dice.Text(13, "0123456789"), ragged ? null : FurtherIds.Picture(number, dice), ragged,
            [credit], ragged ? [] : [$"{date[..4]} {credit.Name}"], tracks);
    }

    private CatalogTrack Track(ReleasePlan plan, bool ragged, CatalogTrack? twin, string release, int index)
    {
        var onDisc = (plan.Tracks + plan.Discs - 1) / plan.Discs;
        var isrc = twin?.Isrc ?? FurtherIds.Isrc(number, dice.Between(10, 25), ++_tracks);
        var duration = twin?.DurationMs ?? (dice.Between(2_000, 3_999) * 10);
        CatalogCredit[] artists = guest is not null && dice.Share() < 0.04 ? [credit, guest] : [credit];
        return new CatalogTrack(
            FurtherIds.Of('T', number, dice), release, twin?.Title ?? titles.Next(), duration,
            (index / onDisc) + 1, (index % onDisc) + 1, ragged ? null : isrc, dice.Share() < 0.1, artists);
    }
}
