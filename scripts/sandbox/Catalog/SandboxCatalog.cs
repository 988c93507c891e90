namespace Harmony.Sandbox.Catalog;

/// <summary>All music there is in the sandbox; the same seed gives the same catalogue.</summary>
public sealed class SandboxCatalog
{
    public const string FiftyTrackArtistId = "5kfiftyKites0000000004";
    public const string LongDiscographyArtistId = "5kendlessPressing00005";
    public const string RaggedArtistId = "5kraggedEdges000000007";

    /// <summary>The artists that a first run watches; independent of the seed.</summary>
    public static readonly IReadOnlyList<string> WatchedArtistIds =
        ["4mMarbleHarbour0000001", "4mAseLindqvist00000002", "4mGlassTramway00000003"];

    private readonly Dictionary<string, CatalogArtist> _artists;
    private readonly Dictionary<string, CatalogRelease> _releases;
    private readonly Dictionary<string, CatalogTrack> _tracks;
    private readonly ILookup<string, CatalogRelease> _appearances;

    public SandboxCatalog(int seed)
    {
        Artists = new CatalogPress(seed).Press();
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
}
