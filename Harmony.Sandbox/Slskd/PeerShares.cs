using System.Text;
using Harmony.Sandbox.Audio;
using Harmony.Sandbox.Catalog;

namespace Harmony.Sandbox.Slskd;

/// <summary>What everyone shares of some artists, findable by the words of its path.</summary>
internal sealed class PeerShares
{
    private readonly Dictionary<(string Peer, string Path), SharedFile> _files = [];
    private readonly Dictionary<string, List<SharedFile>> _byWord = new(StringComparer.Ordinal);
    private readonly AudioPress _press;
    private readonly int _seed;

    public PeerShares(CatalogPart part, int seed, AudioPress press)
    {
        (_seed, _press) = (seed, press);
        foreach (var peer in Peer.Crowd)
        {
            foreach (var release in part.Releases)
                Share(peer, release);
        }
    }

    public SharedFile? Find(string peer, string path) => _files.GetValueOrDefault((peer, path));

    public IEnumerable<SharedFile> In(string peer, string folder)
        => _files.Values.Where(file => file.Peer.Name == peer && file.Folder == folder);

    /// <summary>Files with all words and none of the excluded ones.</summary>
    public IEnumerable<SharedFile> Search(string text)
    {
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToLookup(part => part.StartsWith('-'));
        var words = parts[false].SelectMany(Words).Distinct(StringComparer.Ordinal).ToList();
        var without = parts[true].SelectMany(Words).ToHashSet(StringComparer.Ordinal);
        if (words.Count == 0 || words.Exists(word => !_byWord.ContainsKey(word)))
            return [];
        IEnumerable<SharedFile> found = _byWord[words.MinBy(word => _byWord[word].Count)!];
        return found.Where(file => Words(file.Path) is var has && words.TrueForAll(has.Contains) && !has.Any(without.Contains));
    }

    // Peers compare words as they are: an å is no a.
    private static string[] Words(string text)
    {
        var plain = string.Concat(text.Select(letter => char.IsLetterOrDigit(letter) ? char.ToLowerInvariant(letter) : ' '));
        return plain.Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    private void Share(Peer peer, CatalogRelease release)
    {
        if (new Dice(_seed, $"share {peer.Name} {release.Id}").Share() >= peer.Share)
            return;
        var tracks = peer.Trait == PeerTrait.LastTrackMissing ? release.Tracks.SkipLast(1) : release.Tracks;
        foreach (var track in tracks)
            Share(peer, release, track);
        if (peer is { Style: FolderStyle.Tidy, Trait: PeerTrait.WholeAlbums })
            ShareText(peer, release);
    }

    private void Share(Peer peer, CatalogRelease release, CatalogTrack track)
    {
        var tune = track.Isrc ?? track.Id;
        var dice = new Dice(_seed, $"version {peer.Name} {track.Id}");
        var (title, key, length) = peer.Trait switch
        {
            PeerTrait.OtherVersions when dice.Share() < 0.6 => ($"{track.Title} (Live at Cable Hall)", tune + " live", track.DurationMs + 9_000),
            PeerTrait.OtherVersions => ($"{track.Title} (Night Shift Remix)", tune + " remix", track.DurationMs - 6_000),
            PeerTrait.WrongLength => (track.Title, tune + " edit", track.DurationMs + 12_000),
            PeerTrait.NearFixtureLength => (track.Title, tune, AudioPress.FixtureMs),
            _ => (track.Title, tune, track.DurationMs),
        };
        if (peer.Trait == PeerTrait.NearFixtureLength && Math.Abs(track.DurationMs - AudioPress.FixtureMs) > 2_000)
            return;
        var recording = new Recording(key, title, track.ArtistName, length, peer.Encoding);
        var locked = peer.Trait == PeerTrait.Locked;
        Add(new SharedFile(peer, SharePaths.Of(peer, release, track, title), _press.SizeOf(recording), locked, recording, null));
    }

    private void ShareText(Peer peer, CatalogRelease release)
    {
        var folder = SharePaths.Of(peer, release, release.Tracks[0], "x");
        var text = $"{release.Artists[0].Name}\r\n{release.Title} ({release.Year})\r\nripped with care by {peer.Name}\r\n";
        var path = folder[..(folder.LastIndexOf('\\') + 1)] + "info.nfo";
        Add(new SharedFile(peer, path, Encoding.UTF8.GetByteCount(text), Locked: false, Recording: null, text));
    }

    private void Add(SharedFile file)
    {
        // Two releases of one name end in one folder: the first to come keeps the name.
        if (!_files.TryAdd((file.Peer.Name, file.Path), file))
            return;
        foreach (var word in Words(file.Path).Distinct(StringComparer.Ordinal))
        {
            if (!_byWord.TryGetValue(word, out var files))
                _byWord[word] = files = [];
            files.Add(file);
        }
    }
}
