using Harmony.Jobs.Titles;

namespace Harmony.Jobs.Downloads.Candidates;

/// <summary>A peer whose folder has the whole release gets a bonus, so that one peer serves the album and its files match.</summary>
internal sealed class AlbumBonus(WantedTrack wanted)
{
    private const double Whole = 20;
    private const double Part = 8;

    private readonly List<TitleMatch> _titles = [.. (wanted.AlbumTitles ?? []).Select(title => new TitleMatch(wanted.Artist, title))];
    private readonly Dictionary<(string Username, string Folder, string Format), double> _known = [];

    public double Of(Offer offer, IReadOnlyList<Offer> all)
    {
        if (_titles.Count < 2)
            return 0;

        var key = (offer.Peer.Username, string.Join('\\', offer.Path.Folders), offer.Format!);
        if (!_known.TryGetValue(key, out var bonus))
        {
            var beside = all.Where(other => !other.File.IsLocked && other.Format == offer.Format && other.Path.Folders.SequenceEqual(offer.Path.Folders)).ToList();
            var found = _titles.Count(title => beside.Exists(other => title.Of(other.Path) is { Similarity: >= 0.8, NumberDiffers: false }));
            bonus = found == _titles.Count ? Whole : Part * found / _titles.Count;
            _known[key] = bonus;
        }

        return bonus;
    }
}
