using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Harmony.Sandbox;
using Harmony.Sandbox.Catalog;
using Harmony.Sandbox.Slskd;

namespace Harmony.Tests.Providers;

[TestClass]
public sealed class SandboxCatalogTests
{
    private static readonly SandboxCatalog Whole = new(1);

    private static IEnumerable<CatalogPart> Further => Whole.Further.Select(artist => artist.Part);

    [TestMethod]
    public void The_same_seed_gives_the_same_catalogue()
        => Assert.AreEqual(JsonSerializer.Serialize(Some(new SandboxCatalog(7))), JsonSerializer.Serialize(Some(new SandboxCatalog(7))));

    [TestMethod]
    public void Another_seed_changes_the_music_but_not_the_artists()
    {
        var (one, two) = (new SandboxCatalog(1), new SandboxCatalog(2));
        Assert.AreNotEqual(one.First.Tracks[0].Title + one.First.Tracks[0].Id, two.First.Tracks[0].Title + two.First.Tracks[0].Id);
        CollectionAssert.AreEqual(
            SandboxCatalog.WatchedArtistIds.ToArray(), two.First.Artists.Take(3).Select(artist => artist.Id).ToArray());
    }

    [TestMethod]
    public void The_setup_script_lists_the_watched_artists() => Assert.Contains(
        $"SANDBOX_ARTISTS=({string.Join(' ', SandboxCatalog.WatchedArtistIds)})", File.ReadAllLines(Path.Combine(Clone.Root, "scripts", "lib", "sandbox.sh")));

    [TestMethod]
    public void The_watched_artists_have_few_releases_and_tracks()
    {
        var releases = Whole.Artists.Take(3).SelectMany(artist => artist.Releases).ToList();
        Assert.IsInRange(6, 8, releases.Count);
        Assert.IsInRange(24, 30, releases.Sum(release => release.Tracks.Count));
    }

    [TestMethod]
    public void The_catalogue_has_its_documented_size()
    {
        Assert.HasCount(320, Whole.Artists);
        Assert.IsGreaterThan(3000, Whole.Releases.Count);
        Assert.AreEqual(50, Whole.Artist(SandboxCatalog.FiftyTrackArtistId)!.Releases.Sum(release => release.Tracks.Count));
        Assert.HasCount(120, Whole.Artist(SandboxCatalog.LongDiscographyArtistId)!.Releases);
        CollectionAssert.AreEquivalent(
            new[] { "day", "month", "year" }, Whole.Releases.Select(release => release.Precision).Distinct().ToArray());
    }

    [TestMethod]
    public void Every_id_and_track_length_is_valid()
    {
        var ids = Whole.Artists.Select(artist => artist.Id)
            .Concat(Whole.Releases.Select(release => release.Id))
            .Concat(Whole.Tracks.Select(track => track.Id))
            .ToList();
        Assert.IsTrue(ids.TrueForAll(id => id.Length == 22 && id.All(char.IsAsciiLetterOrDigit)));
        Assert.HasCount(ids.Count, ids.Distinct().ToList());
        Assert.IsTrue(Whole.Tracks.All(track => track.DurationMs is >= 20_000 and < 40_000));
        var recordings = Further.SelectMany(part => part.Tracks).Where(track => track.Isrc is not null).GroupBy(track => track.Isrc);
        Assert.IsTrue(recordings.All(same => same.Select(track => (track.Title, track.DurationMs)).Distinct().Count() == 1), "one code, one recording");
    }

    [TestMethod]
    public void The_first_artists_are_byte_identical()
        => Assert.AreEqual(
            "49956b4c45491ea8a282dbf1a6bd91acbec9044c309ae2a06aaa42aaa0b71b65",
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new SandboxCatalog(SandboxOptions.DefaultSeed).First.Artists)))));

    [TestMethod]
    public void The_further_artists_have_irregular_data()
    {
        var artists = Further.SelectMany(part => part.Artists).ToList();
        var releases = artists.SelectMany(artist => artist.Releases).ToList();
        Assert.IsGreaterThanOrEqualTo(8, artists.Count(artist => artist.Releases.Count == 120));
        Assert.IsGreaterThan(20, artists.Count(artist => artist.Releases.Where(release => release.Kind == "album").GroupBy(release => release.Title).Any(same => same.Count() > 1)));
        Assert.IsGreaterThan(20, artists.Count(artist => artist.Releases.Any(release => release.Title == "Greatest Hits")));
        foreach (var form in new[] { 4, 7, 10 })
            Assert.IsGreaterThan(100, releases.Count(release => release.Date.Length == form));
        Assert.Contains(release => release.Date == "0000", releases);
        Assert.IsGreaterThan(15, artists.Count(artist => artist is { Ragged: true, ImageHash: null } && artist.Releases.All(release => release is { Upc: null, ImageHash: null })));
        Assert.IsGreaterThan(15, artists.GroupBy(artist => artist.Name).Count(same => same.Count() == 2));
        Assert.Contains(artist => artist.Name.Length > 200, artists);
        foreach (var (what, letter) in new[] { ("Hebrew", 'ר'), ("Arabic", 'ف'), ("Han", '深'), ("Hangul", '여'), ("Cyrillic", 'в'), ("a surrogate", '\uD83E'), ("an accent of its own", '\u0301') })
            Assert.Contains(artist => artist.Name.Contains(letter, StringComparison.Ordinal), artists, what);
        Assert.Contains(release => release.Tracks[^1].Disc == 2, releases);
        Assert.Contains(artist => Whole.Appearances(artist.Id).Any(), artists);
    }

    [TestMethod]
    public void Searches_for_first_artists_find_no_further_artist()
    {
        var theirs = Whole.First.Words();
        var others = Further.SelectMany(part => part.Words()).ToHashSet();

        // A letter alone, left over where an accent parts a word, is not what anybody searches for.
        Assert.AreEqual("", string.Join(' ', others.Where(word => word.Length > 1 && theirs.Contains(word))));
        Assert.AreEqual("", string.Join(' ', others.Where(word => !FurtherNames.Knows(word))), "a search would not look for these");
    }

    [TestMethod]
    public void A_further_artist_is_generated_on_demand()
    {
        var catalog = new SandboxCatalog(1);
        var known = Whole.Further[70].Part;
        Assert.IsFalse(catalog.Further.Any(artist => artist.IsMade));

        Assert.AreEqual(JsonSerializer.Serialize(known.Artists), JsonSerializer.Serialize(new[] { catalog.Artist(known.Artists[0].Id) }));
        Assert.AreEqual(known.Releases[^1].Title, catalog.Release(known.Releases[^1].Id)!.Title);
        Assert.AreEqual(known.Tracks[^1].Isrc, catalog.Track(known.Tracks[^1].Id)!.Isrc);
        Assert.AreEqual(1, catalog.Further.Count(artist => artist.IsMade));
        Assert.IsEmpty(catalog.With(["marble", "antlers"]));
        Assert.AreEqual(1, catalog.Further.Count(artist => artist.IsMade), "no word of theirs, none of them made");
        Assert.IsNull(catalog.Artist("7A" + new string('z', 20)));
    }

    [TestMethod]
    public void Uniform_artists_have_twenty_releases_and_are_unlisted()
    {
        var catalog = new SandboxCatalog(1, uniform: 3);
        foreach (var n in new[] { 0, 2 })
        {
            var artist = catalog.Artist(SandboxCatalog.UniformArtistId(n))!;
            Assert.HasCount(20, artist.Releases);
            Assert.AreEqual(80, artist.Releases.Sum(release => release.Tracks.Count));
            Assert.AreSame(artist.Releases[7], catalog.Release(artist.Releases[7].Id));
            Assert.IsFalse(catalog.Artists.Contains(artist));
        }

        Assert.AreNotEqual(catalog.Artist(SandboxCatalog.UniformArtistId(0))!.Releases[0].Id, catalog.Artist(SandboxCatalog.UniformArtistId(1))!.Releases[0].Id);
        Assert.IsNull(catalog.Artist(SandboxCatalog.UniformArtistId(3)));
    }

    [TestMethod]
    public void Peers_share_a_further_artist_by_name_or_path()
    {
        var library = new PeerLibrary(Whole, 1);
        var artist = Whole.Further.First(further => further.NameWords.Count == 2);
        var track = artist.Part.Tracks[0];

        // As after a restart: nobody has searched for it yet.
        var file = library.Find("vinylbird", SharePaths.Of(Peer.Crowd[0], artist.Part.Releases[0], track, track.Title))!;
        Assert.Contains(file, library.In("vinylbird", file.Folder).ToList());

        var found = library.Search($"{artist.Credit.Name} {track.Title} flac").SelectMany(files => files).ToList();
        Assert.Contains(file, found);
        Assert.IsTrue(found.TrueForAll(one => PlainText.Words(one.Path).Contains(artist.NameWords[0])));
        Assert.IsEmpty(library.Search($"{track.Title} flac"), "a search that names no artist finds the same before and after one that does");
    }

    private static IEnumerable<CatalogArtist> Some(SandboxCatalog catalog) => catalog.First.Artists.Concat(catalog.Further.Take(20).SelectMany(artist => artist.Part.Artists));
}
