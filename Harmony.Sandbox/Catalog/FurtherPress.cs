using System.Collections.Concurrent;

namespace Harmony.Sandbox.Catalog;

/// <summary>Makes the artists beyond the first, each from its number and the seed alone.</summary>
internal sealed class FurtherPress
{
    private const int Count = 256;

    // Numbers of the artists that are all alike; far from the others, and few enough for three digits of a recording's code.
    private const int FirstUniform = 10_000;
    private const int MostUniform = 30_000;

    private readonly ConcurrentDictionary<int, FurtherArtist> _alike = new();
    private readonly Lazy<IReadOnlyList<FurtherArtist>> _artists;
    private readonly int _seed;
    private readonly int _first;
    private readonly int _uniform;

    public FurtherPress(int seed, int first, int uniform)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(uniform, MostUniform);
        (_seed, _first, _uniform) = (seed, first, uniform);
        _artists = new Lazy<IReadOnlyList<FurtherArtist>>(() => [.. FurtherNames.Draw(seed, Count).Select(Make)]);
    }

    public IReadOnlyList<FurtherArtist> Artists => _artists.Value;

    /// <summary>The artist that an id of its own, of a release or of a track belongs to.</summary>
    public FurtherArtist? Find(string id) =>
        FurtherIds.UniformNumber(id) is { } n ? At(FirstUniform + n) : FurtherIds.Number(id) is { } number ? At(number) : null;

    public FurtherArtist? At(int number) =>
        number >= _first && number < _first + Count ? Artists[number - _first]
        : number >= FirstUniform && number < FirstUniform + _uniform ? _alike.GetOrAdd(number, Uniform)
        : null;

    /// <summary>The one that plays with this one as a guest.</summary>
    public FurtherArtist? Before(FurtherArtist artist) =>
        artist.Number < FirstUniform ? Artists[(artist.Number - _first + Count - 1) % Count] : null;

    private FurtherArtist Make(string name, int i)
    {
        var number = _first + i;
        var credit = new CatalogCredit(FurtherIds.Of('A', number, new Dice(_seed, $"further {i}")), name);
        return new FurtherArtist(
            number,
            credit,
            () => Press(FurtherPlans.Draw(new Dice(_seed, $"further plan {i}"), credit.Name, credit.Id, i), number, Artists[(i + 1) % Count].Credit));
    }

    private FurtherArtist Uniform(int number)
    {
        var credit = new CatalogCredit(FurtherIds.Uniform(number - FirstUniform), $"Uniform {number - FirstUniform}");
        return new FurtherArtist(number, credit, () => Press(FurtherPlans.Uniform(credit.Name, credit.Id), number, null));
    }

    private CatalogArtist Press(ArtistPlan plan, int number, CatalogCredit? guest)
    {
        var dice = new Dice(_seed, $"further look {number}");
        var credit = new CatalogCredit(plan.Id!, plan.Name);
        var genres = NameSmith.GenresFor(dice);
        var picture = plan.Ragged ? null : FurtherIds.Picture(number, dice);
        var releases = new List<CatalogRelease>();
        var maker = new FurtherReleases(number, credit, guest, dice, new NameSmith(dice, FurtherNames.Before, FurtherNames.After));
        foreach (var release in plan.Releases)
            releases.Add(maker.Press(release, plan.Ragged, release.Repeats is { } n ? releases[n] : null));
        return new CatalogArtist(credit.Id, credit.Name, genres, picture, plan.Ragged, releases);
    }
}
