using System.Globalization;

namespace Harmony.Sandbox.Catalog;

/// <summary>Turns plans into artists, releases and tracks with ids, dates and durations.</summary>
internal sealed class CatalogPress(int seed)
{
    private const int Artists = 64;
    private const int FirstGuest = 20;
    private readonly List<CatalogCredit> _guests = [];
    private int _isrc = 100;

    public List<CatalogArtist> Press()
    {
        var plans = Plans();
        for (var i = FirstGuest; i < FirstGuest + 6; i++)
            _guests.Add(new CatalogCredit(IdOf(plans[i], i), plans[i].Name));
        return [.. plans.Select(Press)];
    }

    private List<ArtistPlan> Plans()
    {
        var plans = NotablePlans.All.ToList();
        var names = new NameSmith(new Dice(seed, "artists"));
        while (plans.Count < Artists)
            plans.Add(Draw(names.Next(), plans.Count));
        return plans;
    }

    private ArtistPlan Draw(string name, int index)
    {
        var dice = new Dice(seed, $"plan {index}");
        var releases = new List<ReleasePlan> { new(null, "album", dice.Between(5, 11)) };
        for (var n = dice.Below(4); n > 0; n--)
        {
            releases.Add(dice.Share() < 0.4
                ? new ReleasePlan(null, "album", dice.Between(4, 12), Discs: dice.Between(1, 2))
                : new ReleasePlan(null, "single", dice.Between(1, 4)));
        }
        return new ArtistPlan(name, releases);
    }

    private string IdOf(ArtistPlan plan, int index) => plan.Id ?? new Dice(seed, $"artist {index}").Base62();

    private CatalogArtist Press(ArtistPlan plan, int index)
    {
        var dice = new Dice(seed, $"artist look {index}");
        var credit = new CatalogCredit(IdOf(plan, index), plan.Name);
        var titles = new NameSmith(new Dice(seed, $"titles {index}"));
        var releases = new List<CatalogRelease>();
        for (var i = 0; i < plan.Releases.Count; i++)
        {
            var repeated = plan.Releases[i].Repeats is { } n ? releases[n] : null;
            releases.Add(Press(plan, plan.Releases[i], credit, titles, repeated, $"{index}/{i}"));
        }
        return new CatalogArtist(
            credit.Id, credit.Name, NameSmith.GenresFor(dice), plan.Ragged ? null : dice.Hex(24), plan.Ragged, releases);
    }

    private CatalogRelease Press(
        ArtistPlan artist, ReleasePlan plan, CatalogCredit credit, NameSmith titles, CatalogRelease? repeated, string key)
    {
        var dice = new Dice(seed, $"release {key}");
        var id = dice.Base62();
        var date = plan.Date
            ?? new DateOnly(1975, 1, 1).AddDays(dice.Below(18_000)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var tracks = new List<CatalogTrack>();
        for (var i = 0; i < plan.Tracks; i++)
            tracks.Add(Press(artist, plan, credit, titles, repeated?.Tracks[i], id, i, key));
        var title = plan.Title ?? (plan.Kind == "single" ? tracks[0].Title : titles.Next());
        return new CatalogRelease(
            id, title, plan.Kind, date, date.Length switch { 4 => "year", 7 => "month", _ => "day" },
            artist.Ragged ? null : dice.Text(13, "0123456789"), artist.Ragged ? null : dice.Hex(24), artist.Ragged,
            [credit], artist.Ragged ? [] : [$"{date[..4]} {credit.Name}"], tracks);
    }

    private CatalogTrack Press(
        ArtistPlan artist, ReleasePlan plan, CatalogCredit credit, NameSmith titles, CatalogTrack? twin, string release, int index, string key)
    {
        var dice = new Dice(seed, $"track {key}/{index}");
        var id = dice.Base62();
        var onDisc = (plan.Tracks + plan.Discs - 1) / plan.Discs;
        var isrc = $"ZZHRM{dice.Between(10, 25)}{_isrc++:D5}";
        // Ten milliseconds are a whole number of samples at 44.1 kHz.
        var duration = dice.Between(2_000, 3_999) * 10;
        CatalogCredit[] artists = plan.Guests
            ? [_guests[index % _guests.Count]]
            : dice.Share() < 0.06 && artist.Id is null ? [credit, dice.Pick(_guests)] : [credit];
        return new CatalogTrack(
            id, release, twin?.Title ?? plan.Titles?[index] ?? titles.Next(), twin?.DurationMs ?? duration,
            (index / onDisc) + 1, (index % onDisc) + 1, artist.Ragged ? null : twin?.Isrc ?? isrc, dice.Share() < 0.1, artists);
    }
}
