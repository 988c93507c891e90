namespace Harmony.Sandbox.Catalog;

/// <summary>Some artists with all that is theirs, found by id.</summary>
public sealed class CatalogPart
{
    private readonly Dictionary<string, CatalogArtist> _artists;
    private readonly Dictionary<string, CatalogRelease> _releases;
    private readonly Dictionary<string, CatalogTrack> _tracks;
    private readonly ILookup<string, CatalogRelease> _appearances;

    internal CatalogPart(IReadOnlyList<CatalogArtist> artists)
    {
        Artists = artists;
        Releases = [.. Artists.SelectMany(artist => artist.Releases)];
        Tracks = [.. Releases.SelectMany(release => release.Tracks)];
        _artists = Artists.ToDictionary(artist => artist.Id, StringComparer.Ordinal);
        _releases = Releases.ToDictionary(release => release.Id, StringComparer.Ordinal);
        _tracks = Tracks.ToDictionary(track => track.Id, StringComparer.Ordinal);
        _appearances = Releases
            .SelectMany(release => release.Tracks
                .SelectMany(track => track.Artists)
                .Where(credit => release.Artists.All(main => main.Id != credit.Id))
                .Select(credit => (credit.Id, Release: release))
                .Distinct())
            .ToLookup(pair => pair.Id, pair => pair.Release, StringComparer.Ordinal);
    }

    public IReadOnlyList<CatalogArtist> Artists { get; }

    public IReadOnlyList<CatalogRelease> Releases { get; }

    public IReadOnlyList<CatalogTrack> Tracks { get; }

    public CatalogArtist? Artist(string id) => _artists.GetValueOrDefault(id);

    public CatalogRelease? Release(string id) => _releases.GetValueOrDefault(id);

    public CatalogTrack? Track(string id) => _tracks.GetValueOrDefault(id);

    /// <summary>Releases of others that the artist plays on.</summary>
    public IEnumerable<CatalogRelease> Appearances(string artistId) => _appearances[artistId];

    /// <summary>Every word of a name or a title.</summary>
    internal HashSet<string> Words() => Artists.Select(artist => artist.Name)
        .Concat(Releases.Select(release => release.Title))
        .Concat(Tracks.Select(track => track.Title))
        .Concat(Tracks.SelectMany(track => track.Artists).Select(credit => credit.Name).Distinct(StringComparer.Ordinal))
        .SelectMany(PlainText.Words)
        .ToHashSet(StringComparer.Ordinal);
}
