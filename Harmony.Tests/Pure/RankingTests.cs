using Harmony.Jobs.Downloads.Candidates;
using Harmony.Jobs.Providers.Slskd;

namespace Harmony.Tests.Pure;

[TestClass]
public sealed class RankingTests
{
    private const string Folder = @"Music\The Rig Testers\Loopback Nights (2024) [FLAC]\";
    private static readonly RankingOptions Options = new();
    private static readonly WantedTrack Wanted = new("The Rig Testers", "First Light", "Loopback Nights", TimeSpan.FromSeconds(30), 1);

    [TestMethod]
    [DataRow(Folder + "01 - The Rig Testers - First Light.flac")]
    [DataRow(Folder + "01. First Light.flac")]
    [DataRow(Folder + "101 First Light.flac")]
    [DataRow(Folder + "01_first_light.flac")]
    [DataRow(Folder + @"CD1\1-01 First Light (2011 Remaster).flac")]
    [DataRow(Folder + "First Light (feat. Someone).flac")]
    [DataRow(@"shared\Rig Testers, The - Loopback Nights - 01 - First Light.flac")]
    public void Common_file_names_of_a_track_are_recognised(string filename)
    {
        var ranked = Rank(Wanted, Peer("ann", Flac(filename)));

        Assert.IsTrue(ranked[0].Accepted, ranked[0].Rejection);
    }

    [TestMethod]
    [DataRow(Folder + "01 - First Light (Live).flac", "another version: live")]
    [DataRow(Folder + "01 - First Light - Remix.flac", "another version: remix")]
    [DataRow(Folder + "01 - First Light acoustic.flac", "does not name")]
    [DataRow(Folder + "01 - First Light [Karaoke].flac", "another version: karaoke")]
    [DataRow(Folder + "01 - First Light (Acoustic).flac", "another version: acoustic")]
    [DataRow(Folder + "01 - First Light (Instrumental).flac", "another version: instrumental")]
    [DataRow(Folder + "01 - First Light (Cover).flac", "another version: cover")]
    [DataRow(@"Music\The Rig Testers\Live at the Depot\01 - First Light.flac", "another version: live")]
    [DataRow(Folder + "02 - Long Drone.flac", "does not name")]
    [DataRow(Folder + "01 - First Lightning Strike.flac", "does not name")]
    [DataRow(Folder + "01 - First Light 2.flac", "another number")]
    [DataRow(@"Music\Someone Else\Best of\First Light.flac", "tell of The Rig Testers")]
    [DataRow(Folder + "cover.jpg", "no audio")]
    [DataRow(Folder + "01 - First Light", "no extension")]
    [DataRow(Folder + "01 - First Light.wma", "not among the wanted formats")]
    [DataRow(@"..\..\etc\First Light.flac", "unsafe")]
    public void Another_track_is_rejected_with_a_reason(string filename, string words)
    {
        var ranked = Rank(Wanted, Peer("ann", Flac(filename)));

        Assert.IsFalse(ranked[0].Accepted);
        Assert.Contains(words, ranked[0].Rejection!, StringComparison.Ordinal);
    }

    [TestMethod]
    [DataRow(27, true)]
    [DataRow(33, true)]
    [DataRow(34, false)]
    [DataRow(26, false)]
    [DataRow(null, true)]
    public void Lengths_may_differ_by_three_seconds(int? seconds, bool accepted) =>
        Assert.AreEqual(accepted, Rank(Wanted, Peer("ann", Flac(Folder + "First Light.flac") with { Length = seconds }))[0].Accepted);

    [TestMethod]
    public void A_wanted_version_is_required()
    {
        var wanted = Wanted with { Title = "First Light (Live)" };
        var ranked = Rank(wanted, Peer("ann", Flac(Folder + "01 - First Light (live).flac"), Flac(Folder + "02 - First Light.flac")));

        Assert.IsTrue(ranked[0].Accepted, ranked[0].Rejection);
        Assert.AreEqual("It is not the wanted version: live.", ranked[1].Rejection);
    }

    [TestMethod]
    public void A_version_word_in_the_title_is_no_version()
    {
        var wanted = new WantedTrack("Wings", "Live and Let Die");

        Assert.IsTrue(Rank(wanted, Peer("ann", Flac(@"Wings\Greatest\09 - Live and Let Die.flac")))[0].Accepted);
        Assert.IsFalse(Rank(new WantedTrack("Wings", "Jet"), Peer("ann", Flac(@"Wings\Over America\01 - Jet (Live).flac")))[0].Accepted);
    }

    [TestMethod]
    public void A_number_in_the_title_is_no_track_number()
    {
        Assert.IsTrue(Rank(new WantedTrack("Nena", "99 Luftballons"), Peer("ann", Flac(@"Nena\Nena\99 Luftballons.mp3")))[0].Accepted);
        Assert.IsTrue(Rank(new WantedTrack("Nena", "99 Luftballons"), Peer("ann", Flac(@"Nena\Nena\04 - 99 Luftballons.mp3")))[0].Accepted);
        Assert.IsTrue(Rank(new WantedTrack("Pumpkins", "1979"), Peer("ann", Flac(@"Pumpkins\Mellon\05 - 1979.mp3")))[0].Accepted);
    }

    [TestMethod]
    public void Part_one_is_not_part_two() =>
        Assert.IsFalse(Rank(new WantedTrack("A Band", "A Very Long Journey Part II"), Peer("ann", Flac(@"A Band\X\03 - A Very Long Journey Part III.flac")))[0].Accepted);

    [TestMethod]
    public void Locked_files_and_denied_peers_are_rejected()
    {
        var ranked = Rank(
            Wanted with { DeniedPeers = ["bob"] },
            Peer("ann", Flac(Folder + "First Light.flac") with { IsLocked = true }),
            Peer("bob", Flac(Folder + "First Light.flac")));

        Assert.AreEqual("ann shares this file with chosen users only.", ranked.Single(r => r.Candidate.Username == "ann").Rejection);
        Assert.AreEqual("bob has failed us with this track before.", ranked.Single(r => r.Candidate.Username == "bob").Rejection);
    }

    [TestMethod]
    public void Lossless_ranks_before_lossy_and_free_before_busy()
    {
        var ranked = Rank(
            Wanted,
            Peer("busy", Flac(Folder + "First Light.flac")) with { HasFreeUploadSlot = false, QueueLength = 40 },
            Peer("free", Flac(Folder + "First Light.flac")),
            Peer("lossy", new SlskdFile(Folder + "First Light.mp3", 1000, "mp3", BitRate: 320, Length: 30)),
            Peer("thin", new SlskdFile(Folder + "First Light.mp3", 1000, "mp3", BitRate: 128, Length: 30)));

        CollectionAssert.AreEqual(new[] { "free", "busy", "lossy", "thin" }, ranked.Select(r => r.Candidate.Username).ToArray());
    }

    [TestMethod]
    public void Only_preferred_formats_are_accepted()
    {
        var options = new RankingOptions { PreferredFormats = ["MP3"] };
        var ranked = Ranking.Rank(Wanted, [Peer("ann", Flac(Folder + "First Light.flac"), new SlskdFile(Folder + "First Light.mp3", 1, BitRate: 320))], options);

        Assert.AreEqual("MP3", ranked.Single(r => r.Accepted).Candidate.Format);
        Assert.AreEqual("FLAC is not among the wanted formats.", ranked.Single(r => !r.Accepted).Rejection);
    }

    [TestMethod]
    public void A_peer_with_the_album_ranks_before_speed()
    {
        var wanted = Wanted with { AlbumTitles = ["First Light", "Long Drone", "Sleep Signal"] };
        var ranked = Rank(
            wanted,
            Peer("single", Flac(Folder + "01 - First Light.flac")) with { UploadSpeed = 9_000_000 },
            Peer("album", Flac(Folder + "01 - First Light.flac"), Flac(Folder + "02 - Long Drone.flac"), Flac(Folder + "03 - Sleep Signal.flac")));

        Assert.AreEqual("album", ranked[0].Candidate.Username);
    }

    [TestMethod]
    public void An_m4a_is_ALAC_by_sample_rate_or_depth()
    {
        var ranked = Rank(
            Wanted,
            Peer("ann", new SlskdFile(Folder + "First Light.m4a", 1, BitRate: 256), new SlskdFile(Folder + "01 First Light.m4a", 1, BitDepth: 16)));

        CollectionAssert.AreEqual(new[] { "ALAC", "AAC" }, ranked.Select(r => r.Candidate.Format).ToArray());
    }

    [TestMethod]
    public void The_ranking_is_independent_of_response_order()
    {
        var peers = Enumerable.Range(0, 20).Select(n => Peer($"peer{n:00}", Flac(Folder + "First Light.flac"), Flac(Folder + "Long Drone.flac"))).ToList();

        CollectionAssert.AreEqual(Rank(Wanted, [.. peers]).ToList(), Rank(Wanted, [.. peers.AsEnumerable().Reverse()]).ToList());
    }

    [TestMethod]
    public void Only_rejected_candidates_have_a_reason()
    {
        var odd = new[] { "", "\\", ".flac", "a.flac", Folder, "\uD800.flac", new string('x', 5000) + ".flac", "((((.mp3", "- - -.flac" };
        foreach (var candidate in Rank(Wanted, Peer("ann", [.. odd.Select(Flac)])))
            Assert.AreEqual(candidate.Accepted, candidate.Rejection is null, candidate.Candidate.Filename);
    }

    private static IReadOnlyList<RankedCandidate> Rank(WantedTrack wanted, params SlskdPeerResponse[] peers) => Ranking.Rank(wanted, peers, Options);

    private static SlskdPeerResponse Peer(string name, params SlskdFile[] files) => new(name, true, 0, 1_000_000, files);

    private static SlskdFile Flac(string filename) => new(filename, 1_715_960, null, null, 16, 44_100, null);
}
