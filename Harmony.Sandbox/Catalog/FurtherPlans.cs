using System.Globalization;

namespace Harmony.Sandbox.Catalog;

/// <summary>What the further artists have released: two or three singles, or a hundred and twenty releases, with all that goes wrong.</summary>
internal static class FurtherPlans
{
    private const int LongDiscography = 120;

    /// <summary>Twenty releases, eighty tracks, nothing unusual: what figures are measured with.</summary>
    public static ArtistPlan Uniform(string name, string id) => new(
        name, [.. Enumerable.Range(0, 20).Select(n => new ReleasePlan(null, n % 4 == 0 ? "album" : "single", n % 4 == 0 ? 10 : 2))], id);

    public static ArtistPlan Draw(Dice dice, string name, string id, int i)
    {
        var count = i % 32 == 4 ? LongDiscography : dice.Between(2, 18);
        var releases = new List<ReleasePlan>();
        for (var n = 0; n < count; n++)
            releases.Add(Draw(dice, name, n));
        if (i % 8 == 2)
            Reissue(releases);
        return new ArtistPlan(name, releases, id, Ragged: i % 12 == 6);
    }

    // A deluxe album under the same title, with the same recordings; and a single named after it.
    private static void Reissue(List<ReleasePlan> releases)
    {
        var first = releases[0] with { Title = releases[0].Title ?? "Greatest Hits", Kind = "album", Discs = 1 };
        releases[0] = first;
        releases.Add(first with { Repeats = 0, Discs = 2, Date = "2012" });
        releases.Add(new ReleasePlan(first.Title, "single", 1, "2003-11"));
    }

    private static ReleasePlan Draw(Dice dice, string name, int n)
    {
        var kind = n == 0 || dice.Share() < 0.3 ? "album" : dice.Share() < 0.05 ? "compilation" : "single";
        var title = dice.Below(20) switch
        {
            0 => name,
            1 or 2 => dice.Pick(FurtherNames.Common),
            3 => dice.Pick(FurtherNames.Foreign),
            4 => $"{dice.Pick(FurtherNames.Emoji)} {dice.Pick(FurtherNames.After)}",
            5 => dice.Pick(FurtherNames.Emoji),
            6 when n == 1 => FurtherNames.Long,
            7 or 8 => dice.Pick(FurtherNames.Before) + dice.Pick(FurtherNames.Suffixes),
            _ => null,
        };
        return new ReleasePlan(title, kind, kind == "single" ? dice.Between(1, 3) : dice.Between(4, 10), Date(dice), Discs: kind == "album" && dice.Below(6) == 0 ? 2 : 1);
    }

    // A year alone, a month, a day, and now and then nothing at all, which the service writes as year 0000.
    private static string Date(Dice dice)
    {
        var day = new DateOnly(1962, 1, 1).AddDays(dice.Below(23_000));
        return dice.Below(40) switch
        {
            0 => "0000",
            < 6 => day.ToString("yyyy", CultureInfo.InvariantCulture),
            < 10 => day.ToString("yyyy-MM", CultureInfo.InvariantCulture),
            _ => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        };
    }
}
