using System.Collections.Concurrent;
using System.Text;
using Harmony.Sandbox.Audio;
using Harmony.Sandbox.Catalog;

namespace Harmony.Sandbox.Slskd;

/// <summary>
/// Everything everyone shares. Files of the further artists are laid out when a text names their artist: a path always does,
/// and who searches for them must.
/// </summary>
internal sealed class PeerLibrary
{
    private readonly AudioPress _press = new();
    private readonly ConcurrentDictionary<int, Lazy<PeerShares>> _further = new();
    private readonly SandboxCatalog _catalog;
    private readonly int _seed;
    private readonly PeerShares _first;

    public PeerLibrary(SandboxCatalog catalog, int seed)
    {
        (_catalog, _seed) = (catalog, seed);
        _first = SharesOf(catalog.First);
    }

    public SharedFile? Find(string peer, string path)
        => _first.Find(peer, path) ?? Named(path).Select(shares => shares.Find(peer, path)).FirstOrDefault(file => file is not null);

    public IEnumerable<SharedFile> In(string peer, string folder) => Named(folder).Prepend(_first).SelectMany(shares => shares.In(peer, folder));

    public byte[] Content(SharedFile file)
        => file.Recording is { } recording ? _press.Press(recording) : Encoding.UTF8.GetBytes(file.Text ?? "");

    /// <summary>Files with all words and none of the excluded ones, grouped by who has them.</summary>
    public List<IGrouping<Peer, SharedFile>> Search(string text)
        => [.. Named(text).Prepend(_first).SelectMany(shares => shares.Search(text)).GroupBy(file => file.Peer)];

    private IEnumerable<PeerShares> Named(string text)
        => _catalog.Named(PlainText.Words(text))
            .Select(artist => _further.GetOrAdd(artist.Number, _ => new Lazy<PeerShares>(() => SharesOf(artist.Part))).Value);

    private PeerShares SharesOf(CatalogPart part) => new(part, _seed, _press);
}
