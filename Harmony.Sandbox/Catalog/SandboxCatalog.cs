namespace Harmony.Sandbox.Catalog;

/// <summary>
/// All music there is in the sandbox; the same seed gives the same catalogue. The first artists are made at once, the others
/// when they are asked for: four processes hold a catalogue each, and most never need more.
/// </summary>
public sealed class SandboxCatalog
{
    public const string FiftyTrackArtistId = "5kfiftyKites0000000004";
    public const string LongDiscographyArtistId = "5kendlessPressing00005";
    public const string RaggedArtistId = "5kraggedEdges000000007";

    /// <summary>The artists that a first run watches; independent of the seed.</summary>
    public static readonly IReadOnlyList<string> WatchedArtistIds =
        ["4mMarbleHarbour0000001", "4mAseLindqvist00000002", "4mGlassTramway00000003"];

    private readonly FurtherPress _press;
    private readonly Lazy<IReadOnlyList<CatalogArtist>> _artists;
    private readonly Lazy<IReadOnlyList<CatalogRelease>> _releases;
    private readonly Lazy<IReadOnlyList<CatalogTrack>> _tracks;

    public SandboxCatalog(int seed, int uniform = 0)
    {
        First = new CatalogPart(new CatalogPress(seed).Press());
        _press = new FurtherPress(seed, First.Artists.Count, uniform);
        _artists = new(() => [.. First.Artists, .. Further.SelectMany(further => further.Part.Artists)]);
        _releases = new(() => [.. First.Releases, .. Further.SelectMany(further => further.Part.Releases)]);
        _tracks = new(() => [.. First.Tracks, .. Further.SelectMany(further => further.Part.Tracks)]);
    }

    /// <summary>The artists that tests and scripts know, and some more; nothing of the others shares a word with them.</summary>
    public CatalogPart First { get; }

    public IReadOnlyList<FurtherArtist> Further => _press.Artists;

    public IReadOnlyList<CatalogArtist> Artists => _artists.Value;

    public IReadOnlyList<CatalogRelease> Releases => _releases.Value;

    public IReadOnlyList<CatalogTrack> Tracks => _tracks.Value;

    /// <summary>The n-th artist of a catalogue with uniform artists; they are found by id only, in no list and no search.</summary>
    public static string UniformArtistId(int n) => FurtherIds.Uniform(n);

    public CatalogArtist? Artist(string id) => First.Artist(id) ?? _press.Find(id)?.Part.Artist(id);

    public CatalogRelease? Release(string id) => First.Release(id) ?? _press.Find(id)?.Part.Release(id);

    public CatalogTrack? Track(string id) => First.Track(id) ?? _press.Find(id)?.Part.Track(id);

    /// <summary>Releases of others that the artist plays on.</summary>
    public IEnumerable<CatalogRelease> Appearances(string artistId) =>
        _press.Find(artistId) is { } further ? _press.Before(further)?.Part.Appearances(artistId) ?? [] : First.Appearances(artistId);

    /// <summary>Further artists whose name a text spells out.</summary>
    public IEnumerable<FurtherArtist> Named(IReadOnlyCollection<string> words) =>
        Further.Where(further => further.NameWords.All(words.Contains));

    /// <summary>Further artists among whose names and titles all the words are; made only when every word is one of theirs.</summary>
    public IEnumerable<FurtherArtist> With(IReadOnlyCollection<string> words) =>
        words.All(FurtherNames.Knows) ? Further.Where(further => further.HasWords(words)) : [];

    /// <summary>The further artist whose release it is.</summary>
    public FurtherArtist? OfRelease(string id) => First.Release(id) is null ? _press.Find(id) : null;

    /// <summary>The further artist whose recording carries the code.</summary>
    public FurtherArtist? OfIsrc(string isrc) => FurtherIds.NumberOfIsrc(isrc) is { } number ? _press.At(number) : null;

    /// <summary>The further artist whose pictures have the hash.</summary>
    public FurtherArtist? OfPicture(string hash) => FurtherIds.NumberOfPicture(hash) is { } number ? _press.At(number) : null;
}
